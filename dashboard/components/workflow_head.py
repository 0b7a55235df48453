"""The head of a workflow's page: what it is, what can be done with it, and its tags."""

import streamlit as st

from dashboard import workflow_services
from dashboard.components import problem, workflow_actions, workflow_table
from dashboard.components.text import literal
from dashboard.viewmodels.workflows import WorkflowRow


def show(row: WorkflowRow) -> None:
    """Draw the head."""
    st.title(literal(row.name), anchor=False)
    if row.description:
        st.markdown(literal(row.description))
    with st.container(horizontal=True, vertical_alignment="center"):
        if told := workflow_table.marks(row):
            st.markdown(told, width="content")
        st.caption(row.record.in_words, width="content")
        if not row.archived_at:
            st.page_link(
                "../pages/builder.py",
                label="Open in the builder",
                icon=":material/construction:",
                query_params={"workflow": row.id},
            )
            if row.is_changed:
                _save(row)
        workflow_actions.menu(row, f"actions-{row.id}")
    _tags(row)


def _save(row: WorkflowRow) -> None:
    if st.button(f"Save as version {row.number + 1}", icon=":material/save:", key="save"):
        with problem.explained():
            workflow_actions.save(row)
            st.rerun()


def _tags(row: WorkflowRow) -> None:
    key = f"tags-{row.id}"
    st.multiselect(
        "Tags",
        sorted({*workflow_services.list_workflows().tags, *row.tags}),
        default=list(row.tags),
        key=key,
        accept_new_options=True,
        placeholder="Choose, or type a new one",
        on_change=_set_tags,
        args=(row.id, key),
    )


def _set_tags(workflow_id: str, key: str) -> None:
    with problem.explained():
        workflow_services.set_tags(workflow_id, st.session_state[key])
