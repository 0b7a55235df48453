"""Agents out of documents: what a text holds, what its import would change, and the import."""

from dataclasses import dataclass

from dashboard import agent_services
from dashboard.bridge import wait_for
from dashboard.viewmodels.agents import AgentForm, form_of
from symphony_core.agent_config import AgentConfig
from symphony_core.agent_shelf import document_of
from symphony_core.errors import DocumentError
from symphony_core.io.documents import agent_from, guess_form, is_agent, parse


@dataclass(frozen=True)
class ImportPreview:
    """What a text holds, and in a sentence what importing it does.

    `taken_by` names the agent that has its id here already, `is_same` says it is just this one.
    """

    form: AgentForm
    effect: str
    taken_by: str | None = None
    is_same: bool = False


def preview_import(text: str | bytes) -> ImportPreview:
    """Return what a text holds; nothing is stored.

    Raises:
        DocumentError: what is wrong with the text, and where.
    """
    found = _read(text)
    here = wait_for(agent_services.shelf().agent(found.id))
    if here is None:
        return ImportPreview(form_of(found), "It will stand among the agents.")
    is_same = document_of(here) == document_of(found)
    number = here.saved_number
    effect = (
        f"It is here already: version {number} of {here.name!r} is the same."
        if is_same
        else f"{here.name!r} has the same id. This can be its version {number + 1}, or a copy "
        "beside it."
    )
    return ImportPreview(form_of(found), effect, here.name, is_same)


def import_agent(text: str | bytes, *, as_copy: bool = False) -> str:
    """Store what a text holds and return its id.

    An agent that is here already gets a new version, if not a copy is asked for.

    Raises:
        DocumentError: what is wrong with the text, and where.
    """
    found, shelf = _read(text), agent_services.shelf()
    here = wait_for(shelf.agent(found.id))
    if here is None or as_copy:
        return wait_for(shelf.add(agent_services.copy_of(found) if here else found)).id
    found.set_version(here.version)
    return wait_for(shelf.save(found)).id


def _read(text: str | bytes) -> AgentConfig:
    data = parse(text, guess_form(text))
    if isinstance(data, dict) and "steps" in data and not is_agent(data):
        raise DocumentError("This is a workflow and no agent: import it among the workflows.")
    return agent_from(data)
