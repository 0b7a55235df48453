"""The builder with nothing in it: a new workflow, or one that is there."""

import streamlit as st

from dashboard import run_services, workflow_services
from dashboard.components import problem
from dashboard.components.text import literal
from dashboard.viewmodels.words import ago

PAGE = "../pages/builder.py"
LATEST = 6


def show() -> None:
    """Draw the ways to begin."""
    st.markdown("Put steps together: agents that answer, branches, loops, and people who approve.")
    with problem.explained(), st.container(horizontal=True):
        if st.button("New workflow", type="primary", icon=":material/add:"):
            open_it(workflow_services.new_draft())
        if st.button("Begin with a template", icon=":material/dashboard_customize:"):
            st.switch_page("../pages/templates.py")
    found = workflow_services.list_workflows().rows
    if not found:
        return
    st.subheader("Go on with", anchor=False)
    now = run_services.now()
    with st.grid(3, min_column_width=240):
        for each in found[:LATEST]:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{literal(each.name)}**")
                st.caption(f"Changed {ago(each.changed_at, now)}")
                st.space("stretch")
                if st.button("Open", icon=":material/edit:", key=f"open-{each.id}"):
                    open_it(each.id)


def open_it(workflow_id: str) -> None:
    """Open a workflow in the builder."""
    st.switch_page(PAGE, query_params={"workflow": workflow_id})
