"""Where a workflow is built: its steps at the left, and beside them what is chosen."""

from collections.abc import Sequence

import streamlit as st

from dashboard import builder_services
from dashboard.builder_services import Look
from dashboard.components import (
    builder_canvas,
    builder_conflict,
    builder_form,
    builder_head,
    builder_inputs,
    builder_list,
    builder_problems,
)
from dashboard.components.builder_draft import Built
from dashboard.components.fragments import fragment
from dashboard.run_details import GRAPH_WIDTH
from dashboard.viewmodels.words import count
from symphony_core.io.problems import Problem

SHARES = [3, 2]  # of the width
DRAWING, LIST = "Drawing", "List"
STEP, INPUTS, PROBLEMS = "Step", "Inputs", "Problems"
ICONS = {DRAWING: "schema", LIST: "list", STEP: "tune", INPUTS: "input", PROBLEMS: "report"}
VIEW, PANEL = "builder-view", "builder-panel"
_SHOWN = "builder-shown"  # the step that was chosen when this was drawn last


@fragment()
def show(built: Built) -> None:
    """Draw the workflow with all that can be done to it; only this is drawn again at a click."""
    built.look = look = builder_services.look(built.document, built.look, wide=GRAPH_WIDTH)
    problems = look.problems
    builder_conflict.show(built)
    builder_head.show(built, problems)
    steps, beside = st.columns(SHARES, gap="medium")
    with steps:
        _steps(built, look)
    with beside:
        _panel(built, problems)


def _steps(built: Built, look: Look) -> None:
    view = st.segmented_control(
        "How the steps are shown",
        [DRAWING, LIST],
        default=DRAWING,
        required=True,
        key=VIEW,
        label_visibility="collapsed",
        format_func=lambda each: f":material/{ICONS[each]}: {each}",
        persist_state="session",
    )
    if view == LIST:
        builder_list.show(built, look.problems)
    else:
        builder_canvas.show(built, look)


def _panel(built: Built, problems: Sequence[Problem]) -> None:
    chosen = built.selected
    if st.session_state.get(_SHOWN) != chosen:
        st.session_state[_SHOWN] = chosen
        if chosen:
            st.session_state[PANEL] = STEP
    wrong = count(len(problems), "problem").capitalize() if problems else PROBLEMS
    told = {STEP: STEP, INPUTS: INPUTS, PROBLEMS: wrong}
    panel = st.segmented_control(
        "What is shown beside",
        list(told),
        required=True,
        key=PANEL,
        default=None if PANEL in st.session_state else STEP,
        label_visibility="collapsed",
        format_func=lambda each: f":material/{ICONS[each]}: {told[each]}",
        persist_state="session",
    )
    if panel == INPUTS:
        builder_inputs.show(built, problems)
    elif panel == PROBLEMS:
        builder_problems.show(built, problems, lambda problem: _go(built, problem))
    else:
        builder_form.show(built, problems)


def _go(built: Built, problem: Problem) -> None:
    """Show the place of a problem."""
    if problem.step:
        built.selected = built.id_now(problem.step)
        st.session_state[PANEL] = STEP
    else:
        st.session_state[PANEL] = INPUTS
