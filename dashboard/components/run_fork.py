"""The dialog in which a run is run again from one of its steps, changed if so wished."""

from typing import Any

import streamlit as st

from dashboard import run_services
from dashboard.components import input_field, problem
from dashboard.viewmodels.forks import ForkForm
from dashboard.viewmodels.runs import RunView

PROMPT_HEIGHT = 200
NOTE = (
    "This is the step's prompt as it stands in the workflow: what is in {{…}} is filled when the "
    "step runs."
)
KEPT_NOTE = "Steps that are taken over keep what they made of the inputs before."


def choose(run: RunView, path: str) -> None:
    """Have the dialog opened with a step chosen when the page is next drawn as a whole.

    A dialog that a fragment opens would close when the fragment is drawn again.
    """
    st.session_state[f"fork-step-{run.row.id}"] = path
    st.session_state["fork-opened"] = run.row.id
    st.rerun()


def is_asked_for(run: RunView) -> bool:
    """Tell, once, whether the dialog is to be opened now."""
    is_mine = st.session_state.get("fork-opened") == run.row.id
    if is_mine:
        del st.session_state["fork-opened"]
    return is_mine


@st.dialog("Run again from a step", width="medium", icon=":material/start:")
def ask(run: RunView) -> None:
    """Ask what is to be changed, say what will happen, and open the new run."""
    form = run_services.form_to_fork(run)
    path = st.selectbox(
        "Step to begin at",
        list(form.steps),
        format_func=lambda path: form.steps[path],
        key=f"fork-step-{run.row.id}",
    )
    prompt = _prompt(form, run.row.id, path)
    inputs = _inputs(form, run.row.id)
    with problem.explained():
        st.info(run_services.preview_fork(run.row.id, path), icon=":material/info:")
        if inputs:
            st.caption(KEPT_NOTE)
        if st.button("Run from here", type="primary", icon=":material/play_arrow:"):
            new_id = run_services.run_from(run.row.id, path, inputs=inputs, prompt=prompt)
            st.switch_page("../pages/run.py", query_params={"run": new_id})


def _prompt(form: ForkForm, run_id: str, path: str) -> str | None:
    """Draw the step's question, and return it if it was changed."""
    given = form.prompts.get(path)
    if given is None:
        return None
    typed = st.text_area(
        "Prompt",
        given,
        PROMPT_HEIGHT,
        input_field.TEXT_LENGTH,
        f"fork-prompt-{run_id}-{path}",
        persist_state=input_field.KEPT,
    )
    st.caption(NOTE)
    return None if typed == given else typed


def _inputs(form: ForkForm, run_id: str) -> dict[str, Any]:
    """Draw the inputs, and return those that were changed."""
    if not form.inputs:
        return {}
    changed = {}
    with st.expander("Inputs", expanded=True, type="compact", key=f"fork-inputs-{run_id}"):
        for given in form.inputs:
            key = f"fork-input-{run_id}-{given.name}"
            value = input_field.show(
                key, given.label, given.type, given.default, choices=given.choices
            )
            if value != given.default:
                changed[given.name] = value
    return changed
