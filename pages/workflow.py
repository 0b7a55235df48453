"""One workflow: run it, save it, and go back to what it was."""

import streamlit as st

from dashboard import run_services, workflow_services
from dashboard.components import (
    not_there,
    problem,
    workflow_actions,
    workflow_export,
    workflow_form,
    workflow_head,
    workflow_versions,
)

workflow_id = st.query_params.get("workflow", "")
row = workflow_services.find_workflow(workflow_id)
draft = workflow_services.open_draft(workflow_id)

if row is None or draft is None:
    not_there.show("Workflow", "workflow", workflow_id)
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
