"""Agents as the pages show and edit them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symphony_core import references
from symphony_core.agent_config import AgentCapabilities, AgentConfig, AgentSettings
from symphony_core.errors import DefinitionError, TemplateError


@dataclass(frozen=True)
class AgentView:
    """An agent in a list; `number` is that of its saved version."""

    id: str
    name: str
    role: str
    description: str
    expertise: tuple[str, ...]
    model: str | None
    number: int
    is_archived: bool


@dataclass
class AgentForm:
    """What a person fills in. `version` is the stored version it was read at.

    `variables` and `answer_choices` are as they stand in the form, with rows that are still empty,
    and `answer_schema` is the text of a JSON Schema.
    """

    name: str = ""
    role: str = ""
    description: str = ""
    instructions: str = ""
    expertise: list[str] = field(default_factory=list)
    limitations: list[str] = field(default_factory=list)
    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    timeout_s: float | None = None
    stop: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    answer_schema: str = ""
    answer_choices: list[str] = field(default_factory=list)
    variables: list[tuple[str, str]] = field(default_factory=list)
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
        number=agent.saved_number,
        is_archived=agent.archived_at is not None,
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
        model=agent.model or None,
        temperature=agent.settings.temperature,
        max_tokens=agent.settings.max_tokens,
        seed=agent.settings.seed,
        timeout_s=agent.settings.timeout_s,
        stop=list(agent.settings.stop or []),
        tools=list(agent.capabilities.tools),
        answer_schema=json.dumps(agent.answer_schema, indent=2) if agent.answer_schema else "",
        answer_choices=list(agent.answer_choices or []),
        variables=[(name, _plain_text(value)) for name, value in agent.variables.items()],
        version=agent.version,
    )


def agent_of(form: AgentForm, base: AgentConfig | None = None) -> AgentConfig:
    """Return the agent that a form describes; what the form does not show is the base's.

    Raises:
        pydantic.ValidationError: a field is not usable.
        DefinitionError: a variable has no usable name of its own, or the schema is no JSON.
    """
    base_data = base.model_dump() if base else {}
    kept = {name: base_data[name] for name in ("id", "created_at") if name in base_data}
    capabilities = {
        "expertise": form.expertise,
        "tools": form.tools,
        "limitations": form.limitations,
    }
    settings = {
        "temperature": form.temperature,
        "max_tokens": form.max_tokens,
        "seed": form.seed,
        "timeout_s": form.timeout_s,
        "stop": form.stop or None,
    }
    return AgentConfig(
        **kept,
        name=form.name.strip(),
        role=form.role.strip(),
        description=form.description.strip(),
        instruction_template=form.instructions.strip(),
        capabilities=AgentCapabilities(**(base_data.get("capabilities", {}) | capabilities)),
        model=form.model,
        settings=AgentSettings(**(base_data.get("settings", {}) | settings)),
        variables=_variables(form.variables, base.variables if base else {}),
        answer_choices=_choices(form.answer_choices, (base and base.answer_choices) or ()),
        answer_schema=_schema(form.answer_schema),
    )


def _plain_text(value: Any) -> str:
    """Return a variable's value as it will stand in the instructions."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _variables(rows: Sequence[tuple[str, str]], known: Mapping[str, Any]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for typed, text in rows:
        name = _typed(typed, known)
        if not name and not text.strip():
            continue
        if name in variables:
            raise DefinitionError(f"Two variables are called {name!r}: rename or remove one.")
        if name not in known:
            _check_name(name, text)
        is_kept = name in known and _plain_text(known[name]) == text
        variables[name] = known[name] if is_kept else text
    return variables


def _check_name(name: str, text: str) -> None:
    if not name:
        raise DefinitionError(
            f"The variable with the value {text!r:.40} has no name: give it one, or remove it."
        )
    try:
        usable = references.find(f"{{{{{name}}}}}") == [name]
    except TemplateError:
        usable = False
    if not usable:
        raise DefinitionError(
            f"A variable cannot be called {name!r}: take letters, digits, '-' and '_' only, and "
            "begin with a letter."
        )


def _choices(rows: Sequence[str], known: Collection[str]) -> list[str] | None:
    choices = [_typed(row, known) for row in rows]
    return [choice for choice in choices if choice] or None


def _schema(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except ValueError as error:
        raise DefinitionError(f"The schema of the answers is no JSON: {error}.") from None


def _typed(text: str, known: Collection[str]) -> str:
    """Return a text without the blanks that slipped in; one that was stored before is right."""
    return text if text in known else text.strip()
