"""The dialog in which a workflow is run: its inputs, and what it may use."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import builder_services, services, workflow_services
from dashboard.components import builder_draft, input_field, limit_fields, model_note, problem
from dashboard.components.builder_draft import Built
from dashboard.components.builder_sheet import show_problem
from dashboard.viewmodels.input_changes import inputs_of
from dashboard.viewmodels.words import count
from symphony_core.io.problems import Problem
from symphony_core.orchestration.workflow_definition import InputType

SHOWN = 3


@st.dialog("Run this workflow", width="medium", icon=":material/play_arrow:")
def ask(built: Built, problems: Sequence[Problem]) -> None:
    """Ask for the inputs and start it, or say why it cannot be started."""
    if is_refused(problems):
        return
    inputs = inputs_form(built)
    limits = limit_fields.for_new_run(f"run-{built.workflow_id}")
    model_note.show(services.default_model())
    if built.is_changed:
        st.caption("It is saved as a version first: the run keeps to that one.")
    with problem.explained():
        if st.button("Run now", type="primary", icon=":material/play_arrow:", key="run-now"):
            if built.is_changed:
                builder_draft.save(built)
            run_id = workflow_services.start_workflow(built.workflow_id, inputs, limits)
            st.switch_page("../pages/run.py", query_params={"run": run_id})


def is_refused(problems: Sequence[Problem]) -> bool:
    """Say what is wrong with a workflow that cannot be run, and tell whether it is such a one."""
    wrong = [each for each in problems if not each.is_warning]
    if not wrong:
        return False
    st.warning(
        f"It cannot be run yet: {count(len(wrong), 'problem')} must be mended first. "
        "The draft is kept as it is.",
        icon=":material/build:",
    )
    for each in wrong[:SHOWN]:
        show_problem(each)
    if len(wrong) > SHOWN:
        st.caption("All of them stand under Problems, beside the steps.")
    return True


def inputs_form(built: Built) -> dict[str, Any]:
    """Draw a field for each input, or for each name that its texts use where none is declared."""
    declared = list(inputs_of(built.document))
    asked = declared or [{"name": name} for name in builder_services.names_asked(built.document)]
    if not asked:
        st.caption("It has no inputs, so it asks for nothing.")
    return {
        str(each["name"]): input_field.show(
            f"run-input-{built.workflow_id}-{each['name']}",
            _label(each),
            InputType(each.get("type") or "text"),
            each.get("default"),
            choices=each.get("choices") or (),
        )
        for each in asked
    }


def _label(declared: Mapping[str, Any]) -> str:
    label = str(declared.get("label") or declared["name"])
    return label if declared.get("required", True) else f"{label} (optional)"
