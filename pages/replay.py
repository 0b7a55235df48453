"""A finished run, played again as it went."""

import streamlit as st

from dashboard import run_details, run_services
from dashboard.components import not_there, problem, run_replay
from dashboard.components.text import literal

run_id = st.query_params.get("run", "")
run = run_services.view_run(run_id)

if run is None:
    not_there.show("Replay", "run", run_id)
    st.stop()

st.title(literal(run.row.name), anchor=False)
st.page_link(
    "../pages/run.py",
    label="The run with all its steps" if run.row.is_over else "Watch it run",
    query_params={"run": run_id},
    icon=":material/arrow_back:",
)
if not run.row.is_over:
    st.info(
        "This run is not over yet. Once it is, it can be played again here.",
        icon=":material/hourglass_top:",
    )
    st.stop()

with problem.explained():
    replay = run_details.replay(run)
    if replay is None:
        st.info("Nothing of this run was done, so nothing can be played.", icon=":material/block:")
    else:
        run_replay.show(replay, key=f"replay-player-{run_id}")
