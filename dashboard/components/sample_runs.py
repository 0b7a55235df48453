"""The finished runs that come with Symphony: removed with one click, and brought back with one."""

import streamlit as st

from dashboard import run_services

_REMOVED = "samples-removed"


def removal() -> None:
    """Draw the button that removes them."""
    if st.button(
        "Remove the samples",
        icon=":material/delete_sweep:",
        type="tertiary",
        help="They came with Symphony. They can be put back right after.",
        key="remove-samples",
    ):
        run_services.remove_samples()
        st.session_state[_REMOVED] = True
        st.rerun()


def after_removal() -> None:
    """Draw the way back, for as long as somebody who removed them stays."""
    if not st.session_state.get(_REMOVED):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(":material/delete_sweep: The sample runs are removed.", width="content")
        _bring("Put them back", ":material/undo:")


def offer() -> None:
    """Draw the button that brings them, where nothing else is there to look at."""
    if not st.session_state.get(_REMOVED):
        _bring("Show me sample runs", ":material/visibility:")


def _bring(label: str, icon: str) -> None:
    if st.button(label, icon=icon, type="tertiary", key="bring-samples"):
        run_services.add_samples()
        st.session_state.pop(_REMOVED, None)
        st.rerun()
