"""What is shown where an address names something that is not there, or names nothing."""

import streamlit as st

from dashboard.components.text import literal

LISTS = {
    "run": ("../pages/runs.py", ":material/history:"),
    "workflow": ("../pages/workflows.py", ":material/account_tree:"),
}


def tell(kind: str, id: str, then: str = "It may have been deleted.") -> None:
    """Say that there is no such thing, and what to make of it."""
    st.warning(f"There is no {kind} {literal(repr(id))}. {then}", icon=":material/search_off:")


def show(title: str, kind: str, id: str) -> None:
    """Draw the whole of a page about one thing that is not there, and lead to all of its kind."""
    page, icon = LISTS[kind]
    st.title(title, anchor=False)
    if id:
        tell(kind, id)
    else:
        st.info(f"No {kind} is chosen. Choose one from the list.", icon=icon)
    st.page_link(page, label=f"All {kind}s", icon=icon)
