"""One run: watched while it runs, read when it is over."""

import streamlit as st
from dashboard.components.text import literal
from dashboard.viewmodels.timeline import bars_of, parallel_gain

from dashboard import services
from dashboard.components import (
    problem,
    run_actions,
    run_head,
    run_result,
    step_list,
    timeline,
    workflow_drawing,
)
from dashboard.theme import COLOURS

LIVE_SECONDS = 0.5
TIMELINE_SECONDS = 1.0

run_id = st.query_params.get("run", "")
run = services.view_run(run_id)

if run is None:
    st.title("Run", anchor=False)
    st.warning(
        f"There is no run {literal(run_id)!r}. It may have been deleted."
        if run_id
        else "No run is chosen. Choose one from the list.",
        icon=":material/search_off:",
    )
    st.page_link("../pages/runs.py", label="All runs", icon=":material/history:")
    st.stop()

is_live = run.row.is_live

st.title(literal(run.row.name), anchor=False)
if run.inputs:
    st.caption(
        "  \n".join(
            f"**{literal(name)}**: {literal(str(value))}" for name, value in run.inputs.items()
        )
    )


@st.fragment(run_every=LIVE_SECONDS if is_live else None)
def progress() -> None:
    """Status, result and steps; a live run's are drawn again and again."""
    now = services.view_run(run_id)
    if now is None or now.row.is_live != is_live:
        st.rerun()
    run_head.show(now.row)
    if now.row.status == "pending" and services.worker_count() == 0:
        st.info("It starts as soon as a worker is there.", icon=":material/schedule:")
    if now.row.status == "interrupted":
        st.warning(
            "The worker that ran it is gone. The next one goes on where it stopped.",
            icon=":material/report:",
        )
    run_result.show(now)
    st.subheader("Steps", anchor=False)
    step_list.show(now.steps)


@st.fragment(run_every=TIMELINE_SECONDS if is_live else None)
def times() -> None:
    """A bar a step."""
    shown = services.view_run(run_id)
    if shown is None or not shown.records:
        return
    st.subheader("Timeline", anchor=False)
    timeline.show(bars_of(shown.records), COLOURS, now=services.now(), key=f"timeline-{run_id}")
    gain = parallel_gain(shown.records, services.now())
    if gain:
        st.caption(f":material/speed: {literal(gain)}")


with problem.explained():
    run_actions.show(run)
progress()
times()
if run.definition is not None:
    with st.expander("The workflow", icon=":material/account_tree:"):
        workflow_drawing.show(services.draw_definition(run.definition), alt=run.row.name)
