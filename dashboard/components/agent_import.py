"""The import box: what agent a pasted or uploaded document holds, before it is stored."""

import streamlit as st

from dashboard import agent_imports
from dashboard.agent_imports import ImportPreview
from dashboard.components import (
    agent_actions,
    agent_draft,
    agent_prompt,
    document_box,
    problem,
)
from dashboard.components.text import literal


@st.dialog("Import an agent", width="large")
def ask() -> None:
    """Take a document, show what it holds, and import it when that is asked."""
    given = document_box.show("Paste an agent, as JSON or YAML", "agent-import")
    if given is None:
        return
    with problem.explained():
        found = agent_imports.preview_import(given)
        _preview(found)
        _buttons(given, found)


def _preview(found: ImportPreview) -> None:
    form = found.form
    st.markdown(f"**{literal(form.name)}**  \n{literal(form.role)}")
    if form.description:
        st.caption(literal(form.description))
    st.caption(f":material/memory: {literal(form.model or 'default model')}")
    with problem.explained():
        agent_prompt.show(form)
    st.info(literal(found.effect), icon=":material/info:")


def _buttons(given: str | bytes, found: ImportPreview) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if found.taken_by and st.button("Import a copy", icon=":material/content_copy:"):
            agent_actions.open_page(agent_imports.import_agent(given, as_copy=True))
        label = "Import as its next version" if found.taken_by else "Import"
        if not found.is_same and st.button(
            label, type="primary", icon=":material/download_done:", key="agent-import-now"
        ):
            agent_id = agent_imports.import_agent(given)
            agent_draft.refresh(agent_id)
            agent_actions.open_page(agent_id)
