"""A run's steps as bars over time, and what running side by side has saved."""

import streamlit as st

from dashboard import explaining, run_services
from dashboard.components import timeline
from dashboard.components.text import literal
from dashboard.theme import STATUS
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.timeline import bars_of, parallel_gain


def show(run: RunView) -> None:
    """Draw the timeline, once a step has begun."""
    bars = bars_of(run.records, {step.path: step.status for step in run.steps})
    if not bars:
        return
    now = run_services.now()
    st.subheader(explaining.title("Timeline"), anchor=False)
    timeline.show(bars, STATUS, now=now, key=f"timeline-{run.row.id}")
    gain = parallel_gain(run.records, now)
    if gain:
        st.caption(f":material/speed: {literal(gain)}")
