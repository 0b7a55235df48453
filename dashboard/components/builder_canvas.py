"""The workflow as a graph on which it is put together."""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from dashboard.builder_services import Look
from dashboard.components import builder_draft, builder_moves, flow_canvas
from dashboard.components.builder_draft import Built
from dashboard.components.flow_canvas import Action
from dashboard.components.text import literal
from dashboard.viewmodels import editing
from dashboard.viewmodels.places import Place
from symphony_core.errors import NotPossible

HEIGHT = 480
_COPIED = "builder-copied"


def show(built: Built, look: Look) -> None:
    """Draw the graph with its palette."""
    wrong = Counter(problem.step for problem in look.problems if problem.step)
    flow_canvas.edit(
        look.flow,
        key=f"canvas-{built.workflow_id}",
        alt=f"The steps of {built.document.get('name')}",
        kinds=editing.KINDS,
        on_action=lambda action: _act(built, action),
        selected=built.selected,
        problems=dict(wrong),
        height=HEIGHT,
    )


def _act(built: Built, action: Action) -> None:
    """Do what was asked for on the canvas."""
    done = _ON_PLACE.get(action["do"])
    if done:
        done(built, action)
    elif action["do"] in ("undo", "redo"):
        (builder_draft.undo if action["do"] == "undo" else builder_draft.redo)(built)
    elif action["do"] == "select":
        builder_draft.select(built, action["id"])
    elif editing.step_of(built.document, action["id"]):
        _ON_STEP[action["do"]](built, action["id"])


def _insert(built: Built, action: Action) -> None:
    builder_moves.add(built, Place(**action["place"]), action["kind"])


def _move(built: Built, action: Action) -> None:
    try:
        builder_moves.move(built, action["id"], Place(**action["place"]))
    except NotPossible as error:
        st.toast(literal(str(error)), icon=":material/block:")


def _copy(built: Built, step_id: str) -> None:
    st.session_state[_COPIED] = editing.step_of(built.document, step_id)


def _cut(built: Built, step_id: str) -> None:
    _copy(built, step_id)
    builder_moves.delete(built, step_id)


def _paste(built: Built, action: Action) -> None:
    copied = st.session_state.get(_COPIED)
    if copied is None:
        return
    (step,) = editing.pasted(built.document, [copied], built.reserved)
    document = editing.insert(built.document, Place(**action["place"]), step)
    builder_draft.do(built, document, f"Pasting of {step.get('name')}")
    builder_draft.select(built, str(step["id"]))


_ON_PLACE: dict[str, Callable[[Built, Action], None]] = {
    "insert": _insert,
    "move": _move,
    "paste": _paste,
}
_ON_STEP: dict[str, Callable[[Built, str], None]] = {
    "delete": builder_moves.delete,
    "duplicate": builder_moves.duplicate,
    "copy": _copy,
    "cut": _cut,
}
