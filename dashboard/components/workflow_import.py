"""The import box: what a pasted or uploaded document holds, before anything is stored."""

import streamlit as st

from dashboard import workflow_imports
from dashboard.components import document_box, flow_canvas, problem, workflow_actions
from dashboard.components.text import literal
from dashboard.workflow_imports import AGENT, ImportPreview


@st.dialog("Import", width="large")
def ask() -> None:
    """Take a document, show what it holds, and import it when that is asked."""
    given = document_box.show("Paste a workflow or an agent, as JSON or YAML", "import")
    if given is None:
        return
    with problem.explained():
        found = workflow_imports.preview_import(given)
        _preview(found)
        _buttons(given, found)


def _preview(found: ImportPreview) -> None:
    if found.kind is None:
        st.error(f"This cannot be imported. {literal(found.verdict)}", icon=":material/error:")
        return
    st.success(literal(found.verdict), icon=":material/check_circle:")
    told, drawing = st.columns([3, 2]) if found.flow else (st.container(), None)
    with told:
        st.markdown("  \n".join(literal(line) for line in found.holds))
        for missing in found.missing:
            st.warning(literal(missing), icon=":material/person_off:")
        st.info(literal(found.effect), icon=":material/info:")
    if drawing and found.flow:
        with drawing:
            flow_canvas.show(found.flow, key="import-flow", alt=f"{found.name} as a graph")


def _buttons(given: str | bytes, found: ImportPreview) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if found.kind is None:
            st.button("Preview again", icon=":material/preview:")
        elif found.kind == AGENT:
            if st.button("Import the agent", type="primary", icon=":material/download_done:"):
                agent_id = workflow_imports.import_document(given)
                st.switch_page("../pages/agents.py", query_params={"agent": agent_id})
        else:
            _workflow_buttons(given, found)


def _workflow_buttons(given: str | bytes, found: ImportPreview) -> None:
    if found.taken_by and st.button("Import a copy", icon=":material/content_copy:"):
        workflow_actions.open_page(workflow_imports.import_document(given, as_copy=True))
    label = "Import as its draft" if found.taken_by else "Import"
    if st.button(label, type="primary", icon=":material/download_done:", key="import-now"):
        workflow_actions.open_page(workflow_imports.import_document(given))
