"""What is running, where to start, and what has run."""

import streamlit as st

from dashboard import run_services, services
from dashboard.components import (
    figures,
    live_runs,
    model_note,
    problem,
    run_table,
    sample_runs,
    template_card,
    tour,
)

LIVE_SECONDS = 2.0
CARDS = 3

st.title("Home", anchor=False)
tour.greet()

view = run_services.home()
live, _ = run_services.live_runs()
under_way = {run.row.id for run in live}


@st.fragment(run_every=LIVE_SECONDS if live else None)
def running() -> None:
    """The runs that are not over, those that wait for somebody first."""
    with problem.explained():
        live, total = run_services.live_runs()
        if {run.row.id for run in live} != under_way:
            st.rerun()  # what has ended stands in the lists below, and counts
        if live:
            st.subheader("Under way", anchor=False)
            live_runs.show(live, now=run_services.now())
        if total > len(live):
            st.page_link(
                "../pages/runs.py",
                label=f"All {total} that are not over",
                icon=":material/play_circle:",
            )


running()

st.subheader("Start here", anchor=False)
model_note.show(services.default_model())
said = st.container()
with st.grid(CARDS, min_column_width=240):
    for template in services.list_templates()[:CARDS]:
        preview = services.preview_template(template)
        if template_card.show(template, preview, "Run", ":material/play_arrow:"):
            with said, problem.explained():
                run_id = run_services.start_template(template.key, template.sample_inputs())
                st.switch_page("../pages/run.py", query_params={"run": run_id})

st.subheader("Today and the last seven days", anchor=False)
figures.show(view.figures)

with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader("Latest runs", anchor=False)
    if view.has_samples:
        sample_runs.removal()
sample_runs.after_removal()
if view.latest:
    run_table.show(view.latest, now=run_services.now(), key="latest")
    st.page_link("../pages/runs.py", label="All runs", icon=":material/history:")
else:
    st.info("Runs that have ended stand here. Start one above.", icon=":material/history:")
    sample_runs.offer()
