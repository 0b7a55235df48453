"""One workflow: what it does, a form to run it, its versions, and files of it."""

from datetime import datetime

import streamlit as st

from dashboard import services, workflow_services
from dashboard.components import (
    flow_canvas,
    model_note,
    problem,
    template_card,
    template_form,
    workflow_actions,
    workflow_export,
    workflow_table,
    workflow_versions,
)
from dashboard.components.text import literal
from dashboard.viewmodels.workflows import WorkflowRow


def show(row: WorkflowRow, now: datetime) -> None:
    """Draw the workflow's page."""
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
        workflow_actions.menu(row, f"actions-{row.id}")
    _tags(row)
    if row.is_saved and not row.archived_at:
        _run(row)
    draft = workflow_services.open_draft(row.id)
    if draft is None:
        return
    with st.expander("Versions", icon=":material/history:", expanded=True, key="versions"):
        workflow_versions.show(draft, now)
    with st.expander("Export", icon=":material/download:", key="export"):
        workflow_export.show(row.id, row.name, draft.document)


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


def _run(row: WorkflowRow) -> None:
    template = workflow_services.filled_by(row.id)
    if template is None:
        return
    st.subheader(f"Run version {row.number}", anchor=False)
    form, drawing = st.columns([3, 2], gap="large")
    with drawing, problem.explained():
        preview = services.preview_template(template)
        flow_canvas.show(preview.flow, key="flow", alt=f"{row.name} as it will run")
        st.caption(f":material/call_made: {template_card.estimate(preview)}")
        model_note.show(services.default_model())
    with form:
        filled = template_form.show(template, services.list_agents())
        if st.button("Run now", type="primary", icon=":material/play_arrow:"):
            with problem.explained():
                run_id = workflow_services.start_workflow(row.id, filled.inputs, filled.limits)
                st.switch_page("../pages/run.py", query_params={"run": run_id})
