"""The dialogs in which a workflow is tried: all of it without a model, or one step with one."""

from collections.abc import Sequence

import streamlit as st

from dashboard import run_details, run_services, trying
from dashboard.components import builder_run, input_field, problem, run_graph, step_list
from dashboard.components.builder_draft import Built
from dashboard.components.fragments import fragment
from dashboard.components.long_text import show as show_text
from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.words import cut
from symphony_core.io.problems import Problem
from symphony_core.orchestration.workflow_definition import InputType

BEAT = 0.5  # seconds
LONGEST_NAME = 60


@st.dialog("Dry run", width="large", icon=":material/science:")
def dry_run(built: Built, problems: Sequence[Problem]) -> None:
    """Show which way a run takes and what it asks, without asking anybody."""
    st.caption(
        "No model is asked and nothing is stored: every answer is a made-up text, and every "
        "approval a yes. You see the way it takes, and each question as it would be sent."
    )
    if builder_run.is_refused(problems):
        return
    inputs = builder_run.inputs_form(built)
    slot = built.key("dry-run")
    with problem.explained():
        if st.button("Try it", type="primary", icon=":material/science:", key="dry-run-now"):
            st.session_state[slot] = trying.try_all(built.document, inputs)
    run: RunView | None = st.session_state.get(slot)
    if run is not None:
        _tried(run)


def _tried(run: RunView) -> None:
    st.markdown(badge(run.row.status))
    if run.error:
        st.error(literal(run.error), icon=":material/error:")
    drawing = run_details.drawing_of(run)
    run_graph.show(run, drawing, can_fork=False, is_presented=False)
    step_list.show(run.steps, can_fork=False)


@st.dialog("Try this step", width="medium", icon=":material/experiment:")
def step(built: Built, step_id: str) -> None:
    """Ask for what the step needs of the others, and run it alone."""
    name = str((built.step or {}).get("name") or step_id)
    st.caption(
        f"**{literal(cut(name, LONGEST_NAME))}** is run by itself, with the model that it has."
    )
    with problem.explained():
        values = {
            need.name: input_field.show(
                built.key(f"try-{need.name}", step_id), need.label, InputType.LONG_TEXT, need.value
            )
            for need in trying.needs_to_try(built.document, step_id, built.workflow_id)
        }
        slot = built.key("tried", step_id)
        if st.button("Try it", type="primary", icon=":material/experiment:", key="try-now"):
            st.session_state[slot] = trying.try_step(built.document, step_id, values)
        if slot in st.session_state:
            _watch(st.session_state[slot])


@fragment(run_every=BEAT)
def _watch(run_id: str) -> None:
    """Show how far the run of the step is; it goes on without this."""
    run = run_services.view_run(run_id)
    if run is None:
        st.caption("The run was deleted.")
        return
    with st.container(border=True):
        st.markdown(badge(run.row.status))
        if run.error:
            st.error(literal(run.error), icon=":material/error:")
        said = run.result or next((one.output for one in reversed(run.steps) if one.output), "")
        if said:
            show_text(said, key=f"tried-{run_id}", is_growing=run.row.is_live)
        st.page_link(
            "../pages/run.py",
            label="Everything about this run",
            icon=":material/open_in_new:",
            query_params={"run": run_id},
        )
