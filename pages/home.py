"""What is running, where to start, and what has run."""

import streamlit as st

from dashboard import home_services, run_services, services
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
from dashboard.components.fragments import fragment

LIVE_SECONDS = 2.0
CARDS = 3

st.title("Home", anchor=False)
tour.greet()

view = home_services.home()
at_first = home_services.under_way()
shown = {run.row.id for run in at_first.runs}
unread = [at_first]  # the part below shows this first, and reads anew when it refreshes itself


@fragment(run_every=LIVE_SECONDS if at_first.runs else None)
def running() -> None:
    """The runs that are not over, those that wait for somebody first."""
    with problem.explained():
        now = unread.pop() if unread else home_services.under_way()
        if {run.row.id for run in now.runs} != shown:
            st.rerun()  # what has ended stands in the lists below, and counts
        if now.runs:
            st.subheader("Under way", anchor=False)
            live_runs.show(now.runs, now=run_services.now())
        if now.total > len(now.runs):
            st.page_link(
                "../pages/runs.py",
                label=f"All {now.total} that are not over",
                icon=":material/play_circle:",
            )


running()

st.subheader("Start here", anchor=False)
model_note.show(services.default_model())
said = st.container()
with st.grid(CARDS, min_column_width=240):
    for template, preview in services.preview_templates(services.list_templates()[:CARDS]):
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
