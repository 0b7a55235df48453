"""What is running, where to start, and what has run."""

import streamlit as st

from dashboard import run_services, services
from dashboard.components import figures, model_note, problem, run_table, template_card

LIVE_SECONDS = 2.0
CARDS = 3

st.title("Home", anchor=False)

view = run_services.home()
is_live = bool(view.live)


@st.fragment(run_every=LIVE_SECONDS if is_live else None)
def running() -> None:
    """The runs that are not over, those that wait for somebody too."""
    with problem.explained():
        live = run_services.live_runs()
        if bool(live) != is_live:
            st.rerun()
        if live:
            st.subheader("Under way", anchor=False)
            run_table.show(live, now=run_services.now(), key="live")


running()

st.subheader("Start here", anchor=False)
model_note.show(services.default_model())
said = st.container()
with st.grid(CARDS, min_column_width=240):
    for template in services.list_templates()[:CARDS]:
        preview = services.preview_template(template.key)
        if template_card.show(template, preview, "Run", ":material/play_arrow:"):
            with said, problem.explained():
                run_id = run_services.start_template(template.key, template.sample_inputs())
                st.switch_page("../pages/run.py", query_params={"run": run_id})

st.subheader("Today", anchor=False)
figures.show(view.figures)

with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader("Latest runs", anchor=False)
    if any(run.is_sample for run in view.latest) and st.button(
        "Remove the samples", icon=":material/delete_sweep:", type="tertiary"
    ):
        run_services.remove_samples()
        st.rerun()
if view.latest:
    run_table.show(view.latest, now=run_services.now(), key="latest")
    st.page_link("../pages/runs.py", label="All runs", icon=":material/history:")
else:
    st.info("Runs that have ended stand here. Start one above.", icon=":material/history:")
