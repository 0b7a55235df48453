"""One run: watched and steered while it runs, read and carried on when it is over."""

import streamlit as st

from dashboard import run_services
from dashboard.components import (
    flow_canvas,
    problem,
    run_actions,
    run_fork,
    run_head,
    run_limit,
    run_origin,
    run_questions,
    run_result,
    step_list,
    timeline,
)
from dashboard.components.text import literal
from dashboard.theme import STATUS
from dashboard.viewmodels.flow import flow_of
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.timeline import bars_of, parallel_gain

LIVE_SECONDS = 0.5
# A paused or waiting run changes by itself only when its time is over; but another person, or
# another tab, may resume or answer it, and who looks at this page should see that soon.
CALM_SECONDS = 2.0
PAGE_WIDTH = 900  # pixels that a drawing has on most screens

run_id = st.query_params.get("run", "")
run = run_services.view_run(run_id)

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

rhythm = LIVE_SECONDS if run.row.is_live else None if run.row.is_over else CALM_SECONDS

st.title(literal(run.row.name), anchor=False)
for name, value in run.inputs.items():
    st.caption(f"**{literal(name)}**: {literal(str(value))}")
run_origin.show(run)
run_actions.show(run)
# In a place of its own, so that what stands below keeps its place when a question comes or goes.
with st.container(), problem.explained():
    run_limit.show(run)
    run_questions.show(run)


def draw_timeline(now: RunView) -> None:
    """Draw the run's bars, and what running side by side has saved."""
    bars = bars_of(now.records, {step.path: step.status for step in now.steps})
    if not bars:
        return
    st.subheader("Timeline", anchor=False)
    timeline.show(bars, STATUS, now=run_services.now(), key=f"timeline-{run_id}")
    gain = parallel_gain(now.records, run_services.now())
    if gain:
        st.caption(f":material/speed: {literal(gain)}")


@st.fragment(run_every=rhythm)
def body() -> None:
    """Status, result, timeline and steps; drawn again and again until the run is over."""
    now = run_services.view_run(run_id)
    if now is None or now.stance != run.stance:
        st.rerun()
    # Each in a place of its own: what comes and goes above does not move, and so not redraw, it.
    head, result, times, steps = (st.container() for _ in range(4))
    with head:
        run_head.show(now, has_worker=run_services.worker_count() > 0)
    with result:
        run_result.show(now)
    with times:
        draw_timeline(now)
    with steps:
        st.subheader("Steps", anchor=False)
        can_fork = now.row.is_over and now.definition is not None
        path = step_list.show(now.steps, can_fork=can_fork)
    if path:
        run_fork.choose(now, path)


with problem.explained():
    body()
if run.definition is not None:
    with st.expander("The workflow", icon=":material/account_tree:"):
        flow = flow_of(run.definition["steps"], wide=PAGE_WIDTH)
        flow_canvas.show(flow, key=f"flow-{run_id}", alt=f"The steps of {run.row.name}")
