"""The runs that are not over: how far each has come, what it does now, and a way to stop it."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard import run_services
from dashboard.components import problem
from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.live import LiveRun
from dashboard.viewmodels.words import ago, cut, duration

NAME_LENGTH = 60
STATUS_WIDTH = 150
RUN_PAGE = "../pages/run.py"

# On a phone a name has a row to itself, above the rest; Streamlit lets it shrink to 120 pixels.
_STYLE = """
<style>
@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> [class*="st-key-live-name-"]) {
    flex-basis: 100%;
    order: -1;
  }
}
</style>
"""


def show(runs: Sequence[LiveRun], *, now: datetime) -> None:
    """Draw the runs."""
    st.html(_STYLE)
    with st.container(gap="xsmall", key="live"):
        for run in runs:
            with st.container(border=True, gap="xsmall", key=f"live-{run.row.id}"):
                _line(run, now)


def _line(run: LiveRun, now: datetime) -> None:
    row = run.row
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(badge(row.status), width=STATUS_WIDTH)
        with st.container(gap=None, width="stretch", key=f"live-name-{row.id}"):
            st.page_link(
                RUN_PAGE,
                label=f"**{literal(cut(row.name, NAME_LENGTH))}**",
                query_params={"run": row.id},
                icon="",
            )
            st.caption(f"&ensp;{literal(row.subject)}", wrap=False)
        times = f":material/schedule: {ago(row.created_at, now)}"
        if row.duration_s is not None:
            times += f" · :material/timer: {duration(row.duration_s)}"
        st.caption(times, width="content")
        if run.asks and st.button(
            "Answer",
            icon=":material/person_raised_hand:",
            type="primary",
            key=f"answer-{row.id}",
        ):
            st.switch_page(RUN_PAGE, query_params={"run": row.id})
        if st.button(
            "Cancel",
            icon=":material/stop_circle:",
            help="It stops at once; what was done is kept.",
            key=f"stop-{row.id}",
        ):
            with problem.explained():
                run_services.cancel_run(row.id)
                st.toast(f"Cancelling {literal(row.name)}", icon=":material/stop_circle:")
    words = f"{row.steps} done · {literal(run.doing)}"
    if run.share is None:
        st.caption(words)
    else:
        st.progress(run.share, text=words)
