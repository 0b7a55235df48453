"""Documents that somebody pastes or uploads: what they hold, what they would change, and the import."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import agent_imports, agent_services, services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.flow import Flow, flow_of
from dashboard.viewmodels.words import count, listed
from dashboard.viewmodels.workflows import kinds_in_words, step_count
from symphony_core.agent_config import AgentConfig
from symphony_core.errors import DocumentError
from symphony_core.ids import new_id
from symphony_core.io.documents import document_from, guess_form, parse
from symphony_core.io.editable import editable, every_step
from symphony_core.io.workflow_fields import asked_names
from symphony_core.orchestration.steps import SubWorkflowStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.shelf import Shelf, is_changed
from symphony_core.workflow_draft import WorkflowDraft

AGENT, WORKFLOW = "agent", "workflow"


@dataclass(frozen=True)
class ImportPreview:
    """What a text holds, and what importing it would do; `verdict` says it in one sentence.

    `kind` is None where it cannot be imported. `taken_by` names what has its id here already.
    """

    verdict: str
    kind: str | None = None
    name: str = ""
    holds: Sequence[str] = ()
    missing: Sequence[str] = ()
    effect: str = ""
    taken_by: str | None = None
    flow: Flow | None = None


def preview_import(text: str | bytes) -> ImportPreview:
    """Return what a text holds; nothing is stored and nothing is run."""
    try:
        found = _read(text)
    except DocumentError as error:
        return ImportPreview(f"{str(error).rstrip('.')}.")
    return _of_agent(found) if isinstance(found, AgentConfig) else _of_workflow(found)


def import_document(text: str | bytes, *, as_copy: bool = False, editor: str = "") -> str:
    """Store what a text holds, and return its id.

    A new workflow is saved as its version 1. One whose id is here already becomes the draft of the
    one that is here, and an agent whose id is here a copy; so does a workflow if that is asked.

    Raises:
        DocumentError: what is wrong with the text, and where.
    """
    found = _read(text)
    if isinstance(found, AgentConfig):
        return agent_imports.import_agent(text, as_copy=True)
    shelf = _shelf()
    here = wait_for(shelf.draft(found.id))
    document = editable(found)
    if here is not None and not as_copy:
        return wait_for(shelf.keep(found.id, document, here.version, editor)).id
    id = new_id() if here is not None else found.id
    draft = wait_for(shelf.new(document, editor=editor, id=id))
    wait_for(shelf.save(draft.id, draft.version))
    return draft.id


def _read(text: str | bytes) -> WorkflowDefinition | AgentConfig:
    return document_from(parse(text, guess_form(text)))


def _of_workflow(found: WorkflowDefinition) -> ImportPreview:
    document = editable(found)
    here = wait_for(_shelf().draft(found.id))
    agents = agent_services.agent_names()
    inputs = listed(asked_names(found))
    return ImportPreview(
        verdict=f"A workflow that can be imported: {found.name!r}, "
        f"{count(step_count(document), 'step')}.",
        kind=WORKFLOW,
        name=found.name,
        holds=[
            f"Steps: {', '.join(kinds_in_words(document))}",
            f"Inputs: {inputs or 'none'}",
        ],
        missing=[*_missing_agents(found, agents), *_missing_workflows(found)],
        effect=_new(found) if here is None else _over(here, found),
        taken_by=here.name if here else None,
        flow=flow_of(found.steps, wide=services.CARD_WIDTH, agents=agents),
    )


def _of_agent(found: AgentConfig) -> ImportPreview:
    here = agent_services.find_agent(found.id)
    return ImportPreview(
        verdict=f"An agent that can be imported: {found.name!r}, {found.role}.",
        kind=AGENT,
        name=found.name,
        holds=[f"Model: {found.model or 'the default model'}"],
        effect="It will stand among the agents."
        if here is None
        else f"The agent {here.name!r} has the same id. It stays as it is, and this one will stand "
        "beside it as a copy.",
        taken_by=here.name if here else None,
    )


def _missing_agents(found: WorkflowDefinition, there: dict[str, str]) -> list[str]:
    steps: dict[str, list[str]] = {}
    for step in every_step(editable(found)["steps"]):
        agent = step.get("agent_id")
        if agent and agent not in there:
            steps.setdefault(agent, []).append(str(step["name"]))
    return [
        f"There is no agent {agent!r} here, which {listed(map(repr, names))} asks. Import it, or "
        "choose another before you run this."
        for agent, names in steps.items()
    ]


def _missing_workflows(found: WorkflowDefinition) -> list[str]:
    named = {
        str(step["workflow_id"]): str(step["name"])
        for step in every_step(editable(found)["steps"])
        if step.get("type") == SubWorkflowStep.type_name
    }
    return [
        f"There is no workflow {id!r} here, which the step {name!r} runs. Import it, or choose "
        "another before you run this."
        for id, name in named.items()
        if wait_for(_shelf().saved(id)) is None
    ]


def _new(found: WorkflowDefinition) -> str:
    name = wait_for(_shelf().free_name(found.name))
    renamed = "" if name == found.name else f" Another has its name, so it will be {name!r}."
    return f"It will be a new workflow, saved as version 1.{renamed}"


def _over(here: WorkflowDraft, found: WorkflowDefinition) -> str:
    saved = wait_for(_shelf().saved(here.id))
    if saved is None:
        return (
            f"{here.name!r} has the same id and was never saved: its draft will be replaced. "
            "Import a copy to keep both."
        )
    if not is_changed(editable(found), saved):
        return f"It is the same as version {saved.saved_number} of {saved.name!r}, which is here."
    lost = (
        " Changes there that were not saved are lost." if is_changed(here.document, saved) else ""
    )
    return (
        f"{saved.name!r} has the same id. This will be its draft; version {saved.saved_number} "
        f"stays the one that runs until you save.{lost}"
    )


def _shelf() -> Shelf:
    return Shelf(store.registry())
