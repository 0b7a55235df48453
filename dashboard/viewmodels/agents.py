"""Agents as the pages show and edit them."""

from dataclasses import dataclass, field

from symphony_core.agent_config import AgentCapabilities, AgentConfig, AgentSettings


@dataclass(frozen=True)
class AgentView:
    """An agent in a list."""

    id: str
    name: str
    role: str
    description: str
    expertise: tuple[str, ...]
    model: str | None


@dataclass
class AgentForm:
    """What a person fills in. `version` is the stored version it was read at."""

    name: str = ""
    role: str = ""
    description: str = ""
    instructions: str = ""
    expertise: list[str] = field(default_factory=list)
    limitations: list[str] = field(default_factory=list)
    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    answer_choices: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    version: int = 0


def agent_view(agent: AgentConfig) -> AgentView:
    """Return an agent for a list."""
    return AgentView(
        id=agent.id,
        name=agent.name,
        role=agent.role,
        description=agent.description,
        expertise=tuple(agent.capabilities.expertise),
        model=agent.model,
    )


def form_of(agent: AgentConfig) -> AgentForm:
    """Return a stored agent as a form."""
    return AgentForm(
        name=agent.name,
        role=agent.role,
        description=agent.description,
        instructions=agent.instruction_template,
        expertise=list(agent.capabilities.expertise),
        limitations=list(agent.capabilities.limitations),
        model=agent.model,
        temperature=agent.settings.temperature,
        max_tokens=agent.settings.max_tokens,
        answer_choices=list(agent.answer_choices or []),
        variables={name: str(value) for name, value in agent.variables.items()},
        version=agent.version,
    )


def agent_of(form: AgentForm, base: AgentConfig | None = None) -> AgentConfig:
    """Return the agent that a form describes; what the form does not show is the base's.

    Raises:
        pydantic.ValidationError: a field is not usable.
    """
    base_data = base.model_dump() if base else {}
    kept = {name: base_data[name] for name in ("id", "created_at") if name in base_data}
    capabilities = {"expertise": form.expertise, "limitations": form.limitations}
    settings = {"temperature": form.temperature, "max_tokens": form.max_tokens}
    return AgentConfig(
        **kept,
        name=form.name.strip(),
        role=form.role.strip(),
        description=form.description.strip(),
        instruction_template=form.instructions.strip(),
        capabilities=AgentCapabilities(**(base_data.get("capabilities", {}) | capabilities)),
        model=form.model,
        settings=AgentSettings(**(base_data.get("settings", {}) | settings)),
        variables=dict(form.variables),
        answer_choices=form.answer_choices or None,
    )
