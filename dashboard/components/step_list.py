"""A run's steps in the order of time, a page of them at a time."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components import step_card
from dashboard.viewmodels.steps import StepView

PAGE_SIZE = 20
OPEN_AT_MOST = 6


def show(steps: Sequence[StepView], *, can_fork: bool) -> str | None:
    """Draw the steps, the newest page first chosen; return the path to run again from, if any."""
    if not steps:
        st.info("No step has started yet.", icon=":material/schedule:")
        return None
    pages = -(-len(steps) // PAGE_SIZE)
    page = st.pagination(pages, default=pages, key="step-page") if pages > 1 else 1
    shown = steps[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    wanted = None
    for step in shown:
        expanded = len(shown) <= OPEN_AT_MOST or step is shown[-1]
        if step_card.show(step, expanded=expanded, can_fork=can_fork):
            wanted = step.path
    return wanted
