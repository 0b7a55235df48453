"""A run's workflow with its steps lighting up, and beside it the step to look at."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components import flow_canvas, step_card
from dashboard.run_details import Drawing
from dashboard.viewmodels.flow import marks_of
from dashboard.viewmodels.paths import node_of
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.spotlight import spotlight

SHARES = [3, 2]  # of the width: graph and step
HEIGHT, LARGE = 460, 520  # pixels; a larger graph is shown smaller and can be zoomed


def show(
    run: RunView, drawing: Drawing | None, *, can_fork: bool, is_presented: bool
) -> str | None:
    """Draw the graph and the step that was clicked, else the one at work; return a path to fork.

    A run that is presented is larger, and shows answers rather than how they were asked for.
    """
    if run.definition is None or drawing is None:
        return None
    at_work = spotlight(run.steps)
    height = LARGE if is_presented else HEIGHT
    graph, beside = st.columns(SHARES, gap="medium")
    with graph:
        chosen = flow_canvas.show(
            drawing.wide,
            marks_of(run.definition, run.steps, run.row.status),
            key=f"graph-{run.row.id}",
            alt=f"The steps of {run.row.name}",
            narrow=drawing.narrow,
            height=height,
            selectable=True,
            follow=[node_of(at_work.path)] if at_work else [],
        )
    with beside, _panel(height, follows=run.row.is_live):
        step = spotlight(run.steps, chosen)
        if step is None:
            st.info("It has not begun yet.", icon=":material/schedule:")
            return None
        every = {each.path: each for each in run.steps}
        forks = step_card.show_one(step, every, can_fork=can_fork, shows_prompt=not is_presented)
        return step.path if forks else None


def _panel(height: int, *, follows: bool) -> DeltaGenerator:
    """Return the place of the step; while text grows it shows the end, until it is scrolled."""
    return st.container(height=height, border=False, key="chosen-step", autoscroll=follows)
