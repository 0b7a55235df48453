"""What can be done with a run: cancel it, start it again, delete it."""

import streamlit as st

from dashboard import services
from dashboard.components import problem
from dashboard.components.text import literal
from dashboard.viewmodels.runs import RunView


def show(run: RunView) -> None:
    """Draw the buttons that make sense for the run as it stands."""
    with st.container(horizontal=True):
        if run.row.is_live:
            _cancel(run)
            return
        if run.definition is not None and st.button("Run again", icon=":material/replay:"):
            new_id = services.run_again(run.row.id)
            st.switch_page("../pages/run.py", query_params={"run": new_id})
        if st.button("Delete", icon=":material/delete:"):
            _ask_to_delete(run)


def _cancel(run: RunView) -> None:
    asked = f"cancel-asked-{run.row.id}"
    if st.button(
        "Cancelling…" if st.session_state.get(asked) else "Cancel",
        icon=":material/stop_circle:",
        disabled=bool(st.session_state.get(asked)),
        key=f"cancel-{run.row.id}",
    ):
        services.cancel_run(run.row.id)
        st.session_state[asked] = True
        st.rerun()


@st.dialog("Delete this run?")
def _ask_to_delete(run: RunView) -> None:
    st.markdown(f"**{literal(run.row.name)}** with its steps and texts will be gone for good.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it"):
            st.rerun()
        if st.button("Delete", type="primary", icon=":material/delete:", key="delete-for-good"):
            with problem.explained():
                services.delete_run(run.row.id)
                st.toast(f"Deleted {literal(run.row.name)}", icon=":material/delete:")
                st.switch_page("../pages/runs.py")
