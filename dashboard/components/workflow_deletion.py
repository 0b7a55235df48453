"""The question before a workflow is deleted."""

import streamlit as st

from dashboard import workflow_services
from dashboard.components import asking, problem
from dashboard.components.text import literal
from dashboard.viewmodels.workflows import WorkflowRow


@st.dialog("Delete this workflow?")
def ask(row: WorkflowRow) -> None:
    """Ask, and delete."""
    parts = "its versions and its draft" if row.is_saved else "its draft"
    st.markdown(f"**{literal(row.name)}** with {parts} will be gone for good.")
    if asking.is_sure_to_delete():
        with problem.explained():
            workflow_services.delete_workflow(row.id)
            st.toast(f"Deleted {literal(row.name)}", icon=":material/delete:")
            st.switch_page("../pages/workflows.py")
