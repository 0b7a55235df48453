"""What a page may ask for about agents: see `agent_imports`, `agent_library` and `agent_trials` too.

What cannot be done raises `SymphonyError`, whose text is the sentence to show.
"""

from pydantic import ValidationError

from dashboard import run_services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.agent_changes import FieldChange, VersionView, changes, version_views
from dashboard.viewmodels.agents import AgentForm, AgentView, agent_of, agent_view, form_of
from dashboard.viewmodels.runs import RunRow
from symphony_core.agent_config import AgentConfig
from symphony_core.agent_shelf import AgentShelf
from symphony_core.errors import DefinitionError
from symphony_core.ids import new_id
from symphony_core.io.documents import Form, dump_agent
from symphony_core.uses import AgentUses, uses_of


def shelf() -> AgentShelf:
    """Return the agents of the store."""
    return AgentShelf(store.registry())


# --- what there is


def list_agents(*, archived: bool = False) -> list[AgentView]:
    """Return the agents to choose from, or those put away, in the order they were made."""
    return [agent for agent in _every_agent() if agent.is_archived == archived]


def agent_names() -> dict[str, str]:
    """Return what each agent is called, put away or not, by its id."""
    return {agent.id: agent.name for agent in _every_agent()}


def find_agent(agent_id: str) -> AgentView | None:
    """Return an agent; None if there is none."""
    agent = wait_for(shelf().agent(agent_id))
    return agent_view(agent) if agent else None


def agent_form(agent_id: str) -> AgentForm | None:
    """Return a stored agent, to be edited; None if there is none."""
    agent = wait_for(shelf().agent(agent_id))
    return form_of(agent) if agent else None


def uses(agent_id: str) -> tuple[AgentUses, list[RunRow]]:
    """Return where an agent is used, and the latest runs among that."""
    found = wait_for(uses_of(store.registry(), agent_id))
    rows = [run_services.find_row(run_id) for run_id in found.latest]
    return found, [row for row in rows if row is not None]


def export_text(agent_id: str, format: str) -> str:
    """Return an agent as a document: `json` or `yaml`.

    Raises:
        DocumentError: it has something that documents may not have.
    """
    return dump_agent(wait_for(shelf().need(agent_id)), Form(format))


# --- changes


def save_agent(form: AgentForm, agent_id: str | None = None) -> AgentView:
    """Store a new agent, or the next version of one, and return it."""
    if agent_id is None:
        return agent_view(wait_for(shelf().add(_checked(form, None))))
    base = wait_for(shelf().need(agent_id))
    agent = _checked(form, base)
    agent.set_version(form.version)
    return agent_view(wait_for(shelf().save(agent)))


def duplicate_agent(agent_id: str) -> str:
    """Store a copy of an agent under a name that says so, and return its id."""
    return wait_for(shelf().add(copy_of(wait_for(shelf().need(agent_id))))).id


def copy_of(agent: AgentConfig) -> AgentConfig:
    """Return a new agent like another, under a name that says so."""
    own = {"id", "name", "created_at", "updated_at"}
    return AgentConfig(
        **agent.model_dump(exclude=own), name=f"{agent.name[:190]} (copy)", id=new_id()
    )


def archive_agent(agent_id: str) -> None:
    """Put an agent away; workflows that name it, and their runs, go on."""
    wait_for(shelf().archive(agent_id, away=True))


def unarchive_agent(agent_id: str) -> None:
    """Take an agent back that was put away."""
    wait_for(shelf().archive(agent_id, away=False))


def delete_agent(agent_id: str) -> None:
    """Delete an agent that nothing uses, with its versions."""
    wait_for(shelf().delete(agent_id))


# --- versions


def list_versions(agent_id: str) -> list[VersionView]:
    """Return the saved versions, the newest first."""
    return version_views(wait_for(shelf().versions(agent_id)))


def differences(agent_id: str, before: int, after: int) -> list[FieldChange]:
    """Return what differs between two saved versions."""
    old, new = (wait_for(shelf().version(agent_id, number)) for number in (before, after))
    return changes(old.document, new.document)


def restore_version(agent_id: str, number: int) -> AgentView:
    """Store an earlier version as the newest one, and return the agent."""
    return agent_view(wait_for(shelf().restore(agent_id, number)))


# --- how it is done


def _every_agent() -> list[AgentView]:
    return [agent_view(agent) for agent in wait_for(store.repository("agent_config").find_all())]


def _checked(form: AgentForm, base: AgentConfig | None) -> AgentConfig:
    try:
        return agent_of(form, base)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]).replace("_template", "s").replace("_", " ")
        reason = first["msg"].removeprefix("Value error, ")
        raise DefinitionError(f"{field.capitalize()}: {reason[0].lower()}{reason[1:]}.") from None
