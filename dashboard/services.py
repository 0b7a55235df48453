"""What a page may ask for about agents, models and templates; about runs: `run_services`.

A page calls these, gets view models, and never sees the core. What cannot be done
raises `SymphonyError`, whose text is the sentence to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from dashboard import store
from dashboard.bridge import wait_for
from dashboard.viewmodels.agents import AgentForm, AgentView, agent_of, agent_view, form_of
from dashboard.viewmodels.flow import Flow, flow_of
from symphony_core.agent_config import AgentConfig
from symphony_core.agents.model_profiles import ModelProfiles
from symphony_core.errors import DefinitionError, EntityNotFound
from symphony_core.ids import is_id, new_id, utc_now
from symphony_core.models import catalog
from symphony_core.orchestration.templates import GALLERY, find_template
from symphony_core.orchestration.templates.base import Template

CARD_WIDTH = 216  # pixels that a drawing has in the narrowest of three cards


@dataclass(frozen=True)
class ModelChoice:
    """A model that can be chosen, and whether it is ready, in a sentence."""

    name: str
    label: str
    remark: str | None
    is_ready: bool
    state: str


@dataclass(frozen=True)
class Preview:
    """A template filled in: its graph, and how many model calls it makes.

    `calls` is None where that depends on the run's way; `most_calls` is its bound.
    """

    flow: Flow
    calls: int | None
    most_calls: int


# --- agents


def list_agents() -> list[AgentView]:
    """Return the agents in the order they were made."""
    return [agent_view(agent) for agent in wait_for(store.repository("agent_config").find_all())]


def agent_form(agent_id: str) -> AgentForm | None:
    """Return a stored agent, to be edited; None if there is none."""
    if not is_id(agent_id):
        return None
    agent = wait_for(store.repository("agent_config").find_by_id(agent_id))
    return form_of(agent) if agent else None


def save_agent(form: AgentForm, agent_id: str | None = None) -> str:
    """Store a new agent, or a changed one, and return its id."""
    base = _agent(agent_id) if agent_id else None
    agent = _checked(form, base)
    if base is not None:
        agent.set_version(form.version)
    saved: str = wait_for(store.repository("agent_config").save(agent))
    return saved


def duplicate_agent(agent_id: str) -> str:
    """Store a copy of an agent under a name that says so, and return its id."""
    agent = _agent(agent_id)
    now = utc_now()
    copy = AgentConfig(
        **agent.model_dump(exclude={"id", "name", "created_at", "updated_at"}),
        id=new_id(),
        name=f"{agent.name[:190]} (copy)",
        created_at=now,
        updated_at=now,
    )
    saved: str = wait_for(store.repository("agent_config").save(copy))
    return saved


def delete_agent(agent_id: str) -> None:
    """Delete an agent; runs that have used it keep what it wrote."""
    wait_for(store.repository("agent_config").delete(agent_id))


def preview_instructions(form: AgentForm) -> str:
    """Return the instructions as a model will get them; nothing else need be filled in yet."""
    named = [(name, text) for name, text in form.variables if name.strip()]
    part = AgentForm("-", "-", instructions=form.instructions, variables=named)
    return _checked(part, None).get_system_prompt()


def list_models() -> list[ModelChoice]:
    """Return the models that can be chosen here."""
    return [describe_model(model.name) for model in wait_for(_models().choices())]


def describe_model(name: str) -> ModelChoice:
    """Return a model, whether or not it is among those to choose from."""
    info, state = wait_for(_models().describe(name)), wait_for(_models().state(name))
    return ModelChoice(info.name, info.label, info.remark, state.ready, state.text)


def default_model() -> ModelChoice:
    """Return the model of agents that name none."""
    return describe_model(catalog.default_name())


# --- templates


def list_templates() -> tuple[Template, ...]:
    """Return the gallery."""
    return GALLERY


def template_of(key: str) -> Template | None:
    """Return a template of the gallery; None if there is none."""
    return find_template(key)


def preview_template(
    template: Template,
    options: Mapping[str, Any] | None = None,
    agents: Mapping[str, str | None] | None = None,
) -> Preview:
    """Return what a template becomes with these options, and these agents in its roles."""
    definition = template.build(agents, options)
    names = {agent.id: agent.name for agent in list_agents()}
    flow = flow_of(definition.steps, wide=CARD_WIDTH, agents=names)
    return Preview(flow, definition.task_count(), definition.most_tasks())


# --- how it is done


def _models() -> ModelProfiles:
    return store.registry().get_model_profiles()


def _agent(agent_id: str) -> AgentConfig:
    agent: AgentConfig | None = wait_for(store.repository("agent_config").find_by_id(agent_id))
    if agent is None:
        raise EntityNotFound("agent", agent_id)
    return agent


def _checked(form: AgentForm, base: AgentConfig | None) -> AgentConfig:
    try:
        return agent_of(form, base)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]).replace("_template", "s").replace("_", " ")
        reason = first["msg"].removeprefix("Value error, ")
        raise DefinitionError(f"{field.capitalize()}: {reason[0].lower()}{reason[1:]}.") from None
