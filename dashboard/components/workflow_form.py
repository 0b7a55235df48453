"""The form of a saved workflow: its inputs, and a button that runs it."""

import streamlit as st

from dashboard import agent_services, services, workflow_services
from dashboard.components import (
    flow_canvas,
    model_note,
    problem,
    template_card,
    template_form,
)
from dashboard.viewmodels.workflows import WorkflowRow


def show(row: WorkflowRow) -> None:
    """Draw the form beside what will run, and start a run when that is asked."""
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
        filled = template_form.show(template, agent_services.list_agents())
        if st.button("Run now", type="primary", icon=":material/play_arrow:"):
            with problem.explained():
                run_id = workflow_services.start_workflow(row.id, filled.inputs, filled.limits)
                st.switch_page("../pages/run.py", query_params={"run": run_id})
