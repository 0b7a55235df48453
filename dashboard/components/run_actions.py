"""What can be done with a run: cancel it, start it again, delete it."""

import streamlit as st

from dashboard import services
from dashboard.components import run_deletion
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
            run_deletion.ask(run.row, leave=True)


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
