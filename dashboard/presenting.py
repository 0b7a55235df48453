"""Presenter mode, `present=1` in the address of a run: nothing but the run, and larger."""

import streamlit as st

from dashboard import address

NAME = "present"

# Streamlit has no option for either; every measure of its own follows the root's font size.
_STYLE = """
<style>
html:root { font-size: 19px; }
@media (max-width: 640px) { html:root { font-size: 16px; } }
[data-testid="stHeader"] { display: none; }
[data-testid="stMainBlockContainer"] { padding-top: 1rem; padding-bottom: 5rem; }
.st-key-leave-presenting { position: fixed; bottom: 1rem; right: 1rem; z-index: 99; width: auto; }
</style>
"""


def is_on() -> bool:
    """Whether a run is being presented."""
    return address.is_set(NAME) and "run" in st.query_params


def switch() -> None:
    """Draw the switch, for a page that shows a run."""
    st.toggle(
        "Presenter mode",
        key="present-switch",
        on_change=lambda: address.put(NAME, True),
        help="Nothing but the run, and larger: for a projector, or to send as a link.",
    )


def frame() -> None:
    """Draw what is around a run that is presented: larger letters, and the way out."""
    st.html(_STYLE)
    st.button(
        "Leave presenter mode",
        icon=":material/close_fullscreen:",
        key="leave-presenting",
        shortcut="Esc",
        on_click=lambda: address.put(NAME, False),
    )
