"""The question before a run is deleted."""

import streamlit as st

from dashboard import run_services
from dashboard.components import asking, problem
from dashboard.components.text import literal
from dashboard.viewmodels.runs import RunRow


@st.dialog("Delete this run?")
def ask(row: RunRow, *, leave: bool) -> None:
    """Ask, and delete; `leave` goes to the list of runs, for the page would have nothing to show."""
    st.markdown(f"**{literal(row.name)}** with its steps and texts will be gone for good.")
    if asking.is_sure_to_delete():
        with problem.explained():
            run_services.delete_run(row.id)
            st.toast(f"Deleted {literal(row.name)}", icon=":material/delete:")
            if leave:
                st.switch_page("../pages/runs.py")
            st.rerun()
