"""The form of the step that is chosen."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.components import (
    builder_arranging,
    builder_draft,
    builder_moves,
    builder_other,
    builder_task,
    builder_try,
)
from dashboard.components.builder_draft import Built
from dashboard.components.builder_sheet import Sheet
from dashboard.components.builder_words import OTHER_ICON, STEP_ICONS, TOLD
from dashboard.components.text import literal
from dashboard.viewmodels import editing
from symphony_core.io.problems import Problem

_FORMS: dict[str, Callable[[Sheet], None]] = {
    "task": builder_task.show,
    "conditional": builder_arranging.conditional,
    "parallel": builder_arranging.parallel,
    "loop": builder_arranging.loop,
    "approval": builder_arranging.approval,
    "workflow": builder_other.show,
}


def show(built: Built, problems: Sequence[Problem]) -> None:
    """Draw the form, or what to do where no step is chosen."""
    step = built.step
    if step is None:
        _nothing_chosen(built)
        return
    kind = str(step.get("type"))
    mine = [problem for problem in problems if problem.step == step["id"]]
    sheet = Sheet(built, step, mine)
    row = next(row for row in editing.rows(built.document) if row.id == step["id"])
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        title = f"{STEP_ICONS.get(kind, OTHER_ICON)} {editing.KINDS.get(kind, literal(kind))}"
        st.subheader(title, anchor=False, width="content")
        builder_moves.show_menu(built, row)
    if kind in TOLD:
        st.caption(TOLD[kind])
    st.text_input(
        "Name",
        str(step.get("name") or ""),
        key=sheet.key("name"),
        on_change=_rename,
        args=(sheet,),
    )
    sheet.tell("name", "id", None)
    if kind in _FORMS:
        _FORMS[kind](sheet)
        if st.button("Try this step", icon=":material/experiment:", key=sheet.key("try")):
            builder_try.step(built, sheet.id)
    else:
        st.info("This kind of step is changed in its document.", icon=":material/code:")


def _nothing_chosen(built: Built) -> None:
    if built.document.get("steps"):
        st.info("Choose a step to change it.", icon=":material/touch_app:")
    else:
        st.info(
            "It has no steps yet. Add the first one: most workflows begin by asking an agent.",
            icon=":material/add_circle:",
        )


def _rename(sheet: Sheet) -> None:
    name = st.session_state[sheet.key("name")] or ""
    built, old = sheet.built, str(sheet.now["id"])
    document, new = editing.rename(built.document, old, name)
    typing = sheet.key("name")
    if new != old:
        built.note_id(old, new)
    builder_draft.do(built, document, f"Name of {name}", typing)
