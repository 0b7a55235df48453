"""A text of any length: its beginning, and the rest when it is asked for."""

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.words import count

SHOWN = 20_000  # characters
HEIGHT = 600
FILE_NAME = "text.txt"


def show(text: str, *, key: str, is_growing: bool = False) -> None:
    """Draw a text; of a long one that is still being written the end, else the beginning."""
    if len(text) <= SHOWN:
        st.markdown(literal(text))
        return
    left_out = len(text) - SHOWN
    if is_growing:
        st.caption(f":material/more_horiz: {count(left_out, 'character')} before this")
        st.markdown(literal(text[-SHOWN:]))
    elif st.session_state.get(f"all-{key}"):
        with st.container(height=HEIGHT, border=False):
            st.text(text)
    else:
        st.markdown(literal(text[:SHOWN]))
        st.caption(f":material/more_horiz: {count(left_out, 'character')} more")
    if not is_growing:
        _more(text, key)


def show_code(text: str, *, key: str) -> None:
    """Draw a text with every blank as it is, to be copied."""
    if len(text) <= SHOWN or st.session_state.get(f"all-{key}"):
        st.code(
            text, language=None, wrap_lines=True, height=HEIGHT if len(text) > SHOWN else "content"
        )
        return
    st.code(text[:SHOWN], language=None, wrap_lines=True)
    st.caption(f":material/more_horiz: {count(len(text) - SHOWN, 'character')} more")
    _more(text, key)


def _more(text: str, key: str) -> None:
    with st.container(horizontal=True):
        show_all = f"all-{key}"
        if not st.session_state.get(show_all):
            st.button(
                "Show all",
                icon=":material/expand_all:",
                key=f"show-{key}",
                on_click=st.session_state.__setitem__,
                args=(show_all, True),
            )
        st.download_button(
            "Download",
            data=lambda: text,
            file_name=FILE_NAME,
            mime="text/plain",
            icon=":material/download:",
            key=f"download-{key}",
            on_click="ignore",
        )
