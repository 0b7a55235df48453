"""One run: watched while it runs, read when it is over."""

import streamlit as st

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
from dashboard.components.text import literal
from dashboard.theme import STATUS
from dashboard.viewmodels.timeline import bars_of, parallel_gain

LIVE_SECONDS = 0.5

run_id = st.query_params.get("run", "")
run = services.view_run(run_id)

if run is None:
    st.title("Run", anchor=False)
    if run_id:
        st.warning(
            f"There is no run {literal(repr(run_id))}. It may have been deleted.",
            icon=":material/search_off:",
        )
    else:
        st.info("No run is chosen. Choose one from the list.", icon=":material/history:")
    st.page_link("../pages/runs.py", label="All runs", icon=":material/history:")
    st.stop()

is_live = run.row.is_live

st.title(literal(run.row.name), anchor=False)
for name, value in run.inputs.items():
    st.caption(f"**{literal(name)}**: {literal(str(value))}")
with problem.explained():
    run_actions.show(run)


@st.fragment(run_every=LIVE_SECONDS if is_live else None)
def body() -> None:
    """Status, result, timeline and steps; drawn again and again while the run is live."""
    now = services.view_run(run_id)
    if now is None or now.row.is_live != is_live:
        st.rerun()
    run_head.show(now.row, has_worker=services.worker_count() > 0)
    run_result.show(now)
    if now.records:
        st.subheader("Timeline", anchor=False)
        timeline.show(bars_of(now.records), STATUS, now=services.now(), key=f"timeline-{run_id}")
        gain = parallel_gain(now.records, services.now())
        if gain:
            st.caption(f":material/speed: {literal(gain)}")
    st.subheader("Steps", anchor=False)
    step_list.show(now.steps)


with problem.explained():
    body()
if run.definition is not None:
    with st.expander("The workflow", icon=":material/account_tree:"):
        drawing = services.draw_definition(run.definition)
        workflow_drawing.show(drawing, alt=f"The steps of {run.row.name}")
