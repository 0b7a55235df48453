"""The two answers to a question that a dialog asks before something is lost."""

import streamlit as st


def is_sure(keep: str, do: str, *, icon: str, key: str | None = None) -> bool:
    """Draw both answers, and tell whether it is to be done; the other one closes the dialog."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(keep):
            st.rerun()
        return st.button(do, type="primary", icon=icon, key=key)


def is_sure_to_delete(keep: str = "Keep it") -> bool:
    """Draw the answers where something would be deleted, and tell whether it is to be."""
    return is_sure(keep, "Delete", icon=":material/delete:", key="delete-for-good")
