"""What a page may ask for about workflows: their drafts, their versions, and the list of them.

Import is in `workflow_imports`. What cannot be done raises `SymphonyError`, whose text is the
sentence to show.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import run_services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.workflows import (
    DraftView,
    Record,
    VersionView,
    WorkflowList,
    WorkflowRow,
    draft_view,
    template_of,
    version_views,
    workflow_row,
)
from dashboard.workflow_lookup import Shelved, Wanted, find_all, find_page
from symphony_core.errors import DefinitionError
from symphony_core.io.documents import Form, dump_workflow, workflow_from
from symphony_core.io.editable import Document, closed
from symphony_core.io.python_export import dump_workflow_python
from symphony_core.io.yaml_writing import write_yaml
from symphony_core.orchestration.templates.base import Template
from symphony_core.shelf import TAGS, TEMPLATE, DraftConflict, Shelf
from symphony_core.workflow import RunLimits
from symphony_core.workflow_draft import WorkflowDraft

__all__ = ["DraftConflict"]

PAGE_SIZE = 15
PYTHON = "python"
MOST_TAGS, TAG_LENGTH = 20, 40


# --- drafts


def new_draft(document: Document | None = None, editor: str = "") -> str:
    """Keep a new workflow under a name that no other has, and return its id."""
    return wait_for(_shelf().new(document, editor=editor)).id


def open_draft(workflow_id: str) -> DraftView | None:
    """Return a workflow's draft, made of what was saved where there is none; None for neither."""
    draft = wait_for(_shelf().draft(workflow_id))
    return None if draft is None else _view(draft)


def keep_draft(workflow_id: str, document: Document, version: int, editor: str) -> DraftView:
    """Keep what was made of the draft that was read at this version.

    Raises:
        DraftConflict: another editor kept one meanwhile; `open_draft` reads theirs.
    """
    return _view(wait_for(_shelf().keep(workflow_id, document, version, editor)))


def discard_draft(workflow_id: str) -> None:
    """Go back to what was saved last; a workflow that was never saved is gone."""
    wait_for(_shelf().discard(workflow_id))


# --- saved versions


def save_version(workflow_id: str, version: int) -> int:
    """Save the draft that was read at this version, and return the number of what was saved."""
    return wait_for(_shelf().save(workflow_id, version))


def list_versions(workflow_id: str) -> list[VersionView]:
    """Return the saved versions, the newest first."""
    return version_views(wait_for(_shelf().versions(workflow_id)))


def version_document(workflow_id: str, number: int) -> dict[str, Any]:
    """Return a saved version as it is edited."""
    return wait_for(_shelf().version(workflow_id, number)).document


def restore_version(workflow_id: str, number: int, editor: str = "") -> DraftView:
    """Make a saved version the draft."""
    return _view(wait_for(_shelf().restore(workflow_id, number, editor)))


def export_text(document: Document, format: str) -> str:
    """Return a document as text: `json`, `yaml`, or `python`, which brings what it names along.

    Raises:
        DocumentError: it is not valid.
    """
    definition = workflow_from(closed(document))
    if format == PYTHON:
        agents = wait_for(store.repository("agent_config").find_all())
        others = wait_for(store.repository("workflow_definition").find_all())
        return dump_workflow_python(definition, agents, others)
    return dump_workflow(definition, Form(format))


def readable(document: Document) -> str:
    """Return a document as text to be compared, valid or not."""
    return write_yaml({**closed(document), "metadata": document.get("metadata") or {}})


# --- running


def filled_by(workflow_id: str) -> Template | None:
    """Return what a run of the version saved last has to be given; None if it never was saved."""
    saved = wait_for(_shelf().saved(workflow_id))
    return None if saved is None else template_of(wait_for(store.engine().pinned(saved)))


def own_templates() -> list[Template]:
    """Return the workflows that somebody put among the templates, by their names."""
    definitions = store.repository("workflow_definition")
    found = wait_for(definitions.find_fields(["id", "metadata", "archived_at"], limit=None))
    ids = [
        row["id"]
        for row in found
        if row["metadata"].get(TEMPLATE) is True and row["archived_at"] is None
    ]
    chosen = wait_for(definitions.find_all({"id": ids})) if ids else []
    return [template_of(saved) for saved in sorted(chosen, key=lambda each: each.name.casefold())]


def start_workflow(
    workflow_id: str, inputs: Mapping[str, Any], limits: RunLimits | None = None
) -> str:
    """Start a run of the version saved last, and return the run's id once it is stored."""
    saved = wait_for(_shelf().need_saved(workflow_id))
    return run_services.start(saved, inputs, limits=limits)


def own_template(workflow_id: str) -> Template | None:
    """Return one of one's own templates; None if there is none with that id."""
    is_one = any(each.key == workflow_id for each in own_templates())
    return filled_by(workflow_id) if is_one else None


# --- the list


def list_workflows(
    search: str = "", tag: str | None = None, *, archived: bool = False, page: int = 1
) -> WorkflowList:
    """Return a page of workflows, those changed last first."""
    wanted = Wanted(search, tag, archived, page, PAGE_SIZE)
    found = wait_for(find_page(store.registry(), wanted))
    return WorkflowList(_rows(found.shelved), found.pages, found.total, found.tags)


def find_workflow(workflow_id: str) -> WorkflowRow | None:
    """Return a workflow as a line of the list; None if there is none any more."""
    found = _rows(wait_for(find_all(store.registry(), [workflow_id])))
    return found[0] if found else None


def name_of(workflow_id: str) -> str | None:
    """Return the name of a saved workflow; None if there is none, as for a shipped template."""
    saved = wait_for(_shelf().saved(workflow_id))
    return None if saved is None else saved.name


def duplicate_workflow(workflow_id: str, editor: str = "") -> str:
    """Keep a copy as a new workflow, and return its id."""
    return wait_for(_shelf().duplicate(workflow_id, editor)).id


def archive_workflow(workflow_id: str) -> None:
    """Put a saved workflow away; its runs and versions stay."""
    wait_for(_shelf().archive(workflow_id, away=True))


def unarchive_workflow(workflow_id: str) -> None:
    """Take a workflow back that was put away."""
    wait_for(_shelf().archive(workflow_id, away=False))


def set_tags(workflow_id: str, tags: Sequence[str]) -> None:
    """Set a workflow's tags."""
    kept = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(kept) > MOST_TAGS or any(len(tag) > TAG_LENGTH for tag in kept):
        raise DefinitionError(
            f"A workflow may have {MOST_TAGS} tags of up to {TAG_LENGTH} characters."
        )
    wait_for(_shelf().mark(workflow_id, TAGS, kept))


def set_template(workflow_id: str, *, is_one: bool) -> None:
    """Put a saved workflow among the templates, or take it out."""
    wait_for(_shelf().need_saved(workflow_id))
    wait_for(_shelf().mark(workflow_id, TEMPLATE, is_one))


def delete_workflow(workflow_id: str) -> None:
    """Delete a workflow that nothing uses, with its versions and its draft."""
    wait_for(_shelf().delete(workflow_id))


# --- how it is done


def _shelf() -> Shelf:
    return Shelf(store.registry())


def _view(draft: WorkflowDraft) -> DraftView:
    return draft_view(draft, wait_for(_shelf().saved(draft.id)))


def _rows(found: Sequence[Shelved]) -> list[WorkflowRow]:
    last = {row.id: row for row in run_services.rows_of([one.last for one in found if one.last])}
    return [
        workflow_row(
            one.draft, one.saved, Record(last[one.last.id] if one.last else None, *one.counts)
        )
        for one in found
    ]
