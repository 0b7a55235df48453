"""Switches that stand in the address, so that a reload, a link and another tab keep them."""

import streamlit as st

ON = "1"


def is_set(name: str) -> bool:
    """Whether the address has the switch on."""
    return st.query_params.get(name) == ON


def put(name: str, value: bool) -> None:
    """Write the switch into the address, or take it out."""
    if value:
        st.query_params[name] = ON
    else:
        st.query_params.pop(name, None)
