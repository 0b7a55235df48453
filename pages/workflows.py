"""One's own workflows, those changed last first."""

import streamlit as st

from dashboard import run_services, workflow_services
from dashboard.components import (
    builder_start,
    finding,
    problem,
    workflow_actions,
    workflow_import,
    workflow_table,
)


def no_tag() -> None:
    """Leave a tag that the other list may not have."""
    st.session_state["tag"] = None
    finding.to_first_page()


st.title("Workflows", anchor=False)
workflow_actions.undo()

with st.container(horizontal=True):
    if st.button("New workflow", type="primary", icon=":material/add:"):
        with problem.explained():
            builder_start.open_it(workflow_services.new_draft())
    if st.button("Import", icon=":material/upload_file:"):
        workflow_import.ask()

with st.container(horizontal=True, vertical_alignment="bottom"):
    search = finding.search()
    chosen = st.container(width=220)
    is_archived = st.toggle("Show archived", key="archived", bind="query-params", on_change=no_tag)

with problem.explained():
    tag = st.session_state.get("tag")
    found = workflow_services.list_workflows(search, tag, archived=is_archived)
    if tag and tag not in found.tags:  # nothing has it any more
        st.session_state["tag"] = None
        st.rerun()
    if found.tags:
        chosen.selectbox(
            "Tag",
            [None, *found.tags],
            key="tag",
            on_change=finding.to_first_page,
            format_func=lambda name: name or "All tags",
        )
    listed, paging = st.container(), st.container()
    page = finding.page(paging, found.pages)
    if page > 1:
        found = workflow_services.list_workflows(search, tag, archived=is_archived, page=page)
    with listed:
        if found.rows:
            workflow_table.show(found.rows, run_services.now())
        elif search or tag:
            st.info(
                "No workflow matches. Change the search or the tag.", icon=":material/filter_alt:"
            )
        elif is_archived:
            st.info("Nothing is archived.", icon=":material/archive:")
        else:
            st.info(
                "Your workflows will stand here: make one, import one, or begin with a template.",
                icon=":material/account_tree:",
            )
            st.page_link(
                "../pages/templates.py",
                label="Choose a template",
                icon=":material/dashboard_customize:",
            )
