"""The head of the builder: the workflow's name, how it is kept, and what can be done with it."""

from collections.abc import Sequence

import streamlit as st

from dashboard import run_services
from dashboard.components import (
    builder_draft,
    builder_run,
    builder_try,
    problem,
    workflow_actions,
    workflow_export,
)
from dashboard.components.builder_draft import Built
from dashboard.components.builder_sheet import show_problem
from dashboard.components.fragments import fragment
from dashboard.components.text import literal
from dashboard.viewmodels.words import ago, count, cut
from symphony_core.io.problems import Problem

LONGEST_TITLE = 80
BEAT = 15  # seconds


def show(built: Built, problems: Sequence[Problem]) -> None:
    """Draw the head."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = str(built.document.get("name") or "Workflow without a name")
        st.title(literal(cut(name, LONGEST_TITLE)), anchor=False, width="content")
        with st.popover("Rename", icon=":material/edit:", type="tertiary"):
            _name(built, problems)
        wrong = sum(not each.is_warning for each in problems)
        if wrong:
            st.badge(count(wrong, "problem"), icon=":material/error:", color="red", width="content")
        _kept(built)
    description = str(built.document.get("description") or "")
    if description:
        st.markdown(literal(cut(description, 300)))
    with st.container(horizontal=True, gap="small"), problem.explained():
        _buttons(built, problems)


def _name(built: Built, problems: Sequence[Problem]) -> None:
    for field, label, draw in (
        ("name", "Name of the workflow", st.text_input),
        ("description", "What it does", st.text_area),
    ):
        key = built.key(field)
        given = str(built.document.get(field) or "")
        draw(label, given, key=key, on_change=_put, args=(built, field, label, key))
        for found in problems:
            if found.step is None and found.field == field:
                show_problem(found)


def _put(built: Built, field: str, label: str, key: str) -> None:
    text = (st.session_state[key] or "").strip()
    builder_draft.do(built, {**built.document, field: text}, label, key)


@fragment(run_every=BEAT)
def _kept(built: Built) -> None:
    """Say how it is kept; what is said of the time is true a little later too."""
    when = ago(built.kept_at, run_services.now())
    saved = f"version {built.based_on} saved" if built.based_on else "not yet saved as a version"
    if not built.is_changed and built.based_on:
        said = f"The same as version {built.based_on}"
    else:
        said = f"Draft kept {when} · {saved}"
    st.caption(said, width="content")
    if built.refused:
        st.error(f"The last change is not kept: {literal(built.refused)}", icon=":material/error:")
        st.button("Try again", key="keep-again", on_click=builder_draft.keep_mine, args=(built,))


def _buttons(built: Built, problems: Sequence[Problem]) -> None:
    history = built.history
    st.button(
        "Undo",
        icon=":material/undo:",
        help=f"Takes back: {literal(history.undoes)}" if history.undoes else None,
        disabled=not history.undoes,
        on_click=builder_draft.undo,
        args=(built,),
    )
    st.button(
        "Redo",
        icon=":material/redo:",
        help=f"Does again: {literal(history.redoes)}" if history.redoes else None,
        disabled=not history.redoes,
        on_click=builder_draft.redo,
        args=(built,),
    )
    if st.button(
        "Save version",
        icon=":material/save:",
        disabled=not built.is_changed,
        help="A version stays as it is: runs are made of versions, and you can come back to one.",
    ):
        number = builder_draft.save(built)
        st.toast(f"Saved as version {number}", icon=":material/check:")
        st.rerun()
    if st.button("Run", icon=":material/play_arrow:", type="primary"):
        builder_run.ask(built, problems)
    if st.button(
        "Dry run",
        icon=":material/science:",
        help="The way it takes and what it asks, without asking a model.",
    ):
        builder_try.dry_run(built, problems)
    if st.button(
        "Versions",
        icon=":material/history:",
        help="What was saved, what differs, the way back to it; and how its runs went.",
    ):
        workflow_actions.open_page(built.workflow_id)
    if st.button("Export", icon=":material/download:", help="Take it along as a file."):
        workflow_export.ask(built.workflow_id)
