"""One workflow: run it, save it, and go back to what it was."""

import streamlit as st

from dashboard import run_services, workflow_services
from dashboard.components import (
    problem,
    workflow_actions,
    workflow_export,
    workflow_form,
    workflow_head,
    workflow_versions,
)
from dashboard.components.text import literal

workflow_id = st.query_params.get("workflow", "")
row = workflow_services.find_workflow(workflow_id)
draft = workflow_services.open_draft(workflow_id)

if row is None or draft is None:
    st.title("Workflow", anchor=False)
    if workflow_id:
        st.warning(
            f"There is no workflow {literal(repr(workflow_id))}. It may have been deleted.",
            icon=":material/search_off:",
        )
    else:
        st.info("No workflow is chosen. Choose one from the list.", icon=":material/account_tree:")
    st.page_link("../pages/workflows.py", label="All workflows", icon=":material/account_tree:")
    st.stop()

if st.button("All workflows", icon=":material/arrow_back:", type="tertiary"):
    st.switch_page("../pages/workflows.py")
workflow_actions.undo()
with problem.explained():
    workflow_head.show(row)
    if row.is_saved and not row.archived_at:
        workflow_form.show(row)
versions = st.expander("Versions", icon=":material/history:", expanded=True, key="versions")
with versions, problem.explained():
    workflow_versions.show(draft, run_services.now())
with st.expander("Export", icon=":material/download:", key="export"):
    workflow_export.show(row.id, row.name, draft.document)
