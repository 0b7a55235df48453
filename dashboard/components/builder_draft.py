"""The workflow that is being built: as it is in this session, and kept as a draft with each change."""

from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from dashboard import workflow_services
from dashboard.builder_services import Look
from dashboard.viewmodels import editing
from dashboard.viewmodels.history import History
from dashboard.viewmodels.workflows import DraftView
from dashboard.workflow_services import DraftConflict
from symphony_core.errors import SymphonyError
from symphony_core.ids import new_id
from symphony_core.io.editable import Document, Step

_OPEN = "builder-open"
_EDITOR = "builder-editor"


@dataclass
class Built:
    """A workflow while it is built.

    `round` is part of every field's key: where the document changes other than by being typed, the
    fields of another round show what it says. `theirs` is what another editor kept meanwhile,
    `look` how the document was shown last.
    """

    workflow_id: str
    history: History
    version: int
    based_on: int
    is_changed: bool
    kept_at: datetime
    selected: str | None = None
    round: int = 0
    theirs: DraftView | None = None
    refused: str | None = None
    look: Look | None = None
    _first_ids: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """The workflow as it stands."""
        return self.history.present

    @property
    def step(self) -> Step | None:
        """The step that is chosen; None if there is none."""
        return editing.step_of(self.document, self.selected)

    @property
    def reserved(self) -> set[str]:
        """The ids that no new step may have: fields are known by the first id of their step."""
        return {
            first for new, first in self._first_ids.items() if editing.step_of(self.document, new)
        }

    def key(self, name: str, step_id: str = "") -> str:
        """Return the key of a field; a step that gets another id keeps its fields."""
        first = self._first_ids.get(step_id, step_id)
        return f"built-{self.workflow_id}-{self.round}-{first}-{name}"

    def id_now(self, step_id: str) -> str:
        """Return the id that a step has now, which was drawn under this one."""
        if editing.step_of(self.document, step_id):
            return step_id
        first = self._first_ids.get(step_id, step_id)
        others = [first, *(new for new, old in self._first_ids.items() if old == first)]
        return next((id for id in others if editing.step_of(self.document, id)), step_id)

    def note_id(self, old: str, new: str) -> None:
        """Note that a step has another id from now on."""
        self._first_ids[new] = self._first_ids.get(old, old)
        self.selected = new if self.selected == old else self.selected


def open_built(workflow_id: str) -> Built | None:
    """Return the workflow as this session builds it; None if there is none with that id.

    What was kept elsewhere since is taken over: nothing of this session's is lost by that.
    """
    stored = workflow_services.open_draft(workflow_id)
    if stored is None:
        return None
    built: Built | None = st.session_state.get(_OPEN)
    if built is None or built.workflow_id != workflow_id:
        history = History(stored.document)
        built = Built(workflow_id, history, 0, 0, False, stored.changed_at)
        _note_kept(built, stored)
        st.session_state[_OPEN] = built
    elif stored.version != built.version and not built.theirs and not built.refused:
        take(built, stored, "What was done elsewhere")
    return built


def do(built: Built, document: Document, what: str, typing: str | None = None) -> None:
    """Make this the document, and keep it; `what` says in a few words what was done."""
    if document != built.document:
        built.history.do(document, what, typing)
        _keep(built)


def undo(built: Built) -> None:
    """Take back what was done last."""
    built.history.undo()
    _after_a_jump(built)


def redo(built: Built) -> None:
    """Do again what was undone last."""
    built.history.redo()
    _after_a_jump(built)


def select(built: Built, step_id: str | None) -> None:
    """Choose a step, so that its form is shown."""
    built.selected = step_id


def save(built: Built) -> int:
    """Save the draft as a version, and return its number."""
    number = workflow_services.save_version(built.workflow_id, built.version)
    stored = workflow_services.open_draft(built.workflow_id)
    if stored is not None:
        _note_kept(built, stored)
    return number


def take(built: Built, stored: DraftView, what: str) -> None:
    """Go on with what is stored; one's own comes back with an undo."""
    built.history.do(stored.document, what)
    built.round += 1
    built.theirs = built.refused = None
    _note_kept(built, stored)


def keep_mine(built: Built) -> None:
    """Keep one's own in place of the other editor's."""
    if built.theirs is not None:
        built.version = built.theirs.version
    built.theirs = built.refused = None
    _keep(built)


def _editor() -> str:
    """Return the name under which this session keeps drafts."""
    name: str = st.session_state.setdefault(_EDITOR, new_id())
    return name


def _keep(built: Built) -> None:
    try:
        kept = workflow_services.keep_draft(
            built.workflow_id, dict(built.document), built.version, _editor()
        )
    except DraftConflict:
        built.theirs = workflow_services.open_draft(built.workflow_id)
    except SymphonyError as error:
        built.refused = str(error)
    else:
        built.refused = None
        _note_kept(built, kept)


def _note_kept(built: Built, stored: DraftView) -> None:
    built.version, built.based_on = stored.version, stored.based_on
    built.is_changed, built.kept_at = stored.is_changed, stored.changed_at


def _after_a_jump(built: Built) -> None:
    built.round += 1
    if built.selected:
        built.selected = built.id_now(built.selected)
    _keep(built)
