"""A run's steps in the order of time, a page of them at a time."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components import step_card
from dashboard.viewmodels.runs import StepView

PAGE_SIZE = 20
OPEN_AT_MOST = 6


def show(steps: Sequence[StepView]) -> None:
    """Draw the steps, the newest page first chosen."""
    if not steps:
        st.info("No step has started yet.", icon=":material/schedule:")
        return
    pages = -(-len(steps) // PAGE_SIZE)
    page = st.pagination(pages, default=pages, key="step-page") if pages > 1 else 1
    shown = steps[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    for step in shown:
        step_card.show(step, expanded=len(shown) <= OPEN_AT_MOST or step is shown[-1])
