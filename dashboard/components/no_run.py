"""What a page about one run shows where there is none."""

import streamlit as st

from dashboard.components.text import literal


def show(title: str, run_id: str) -> None:
    """Say that the run is not there, or that none is chosen, and lead to all of them."""
    st.title(title, anchor=False)
    if run_id:
        st.warning(
            f"There is no run {literal(repr(run_id))}. It may have been deleted.",
            icon=":material/search_off:",
        )
    else:
        st.info("No run is chosen. Choose one from the list.", icon=":material/history:")
    st.page_link("../pages/runs.py", label="All runs", icon=":material/history:")
