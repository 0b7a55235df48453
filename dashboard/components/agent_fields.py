"""Fields of an agent's form that keep what was typed while another page is looked at."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.input_field import KEPT

LONGEST_NAME = 200


def line(label: str, given: str, key: str, placeholder: str | None = None) -> str:
    """Draw a field for a name, and return what stands in it."""
    typed = st.text_input(
        label, given, LONGEST_NAME, key, placeholder=placeholder, persist_state=KEPT
    )
    return typed or ""


def words(label: str, given: Sequence[str], key: str, placeholder: str, help: str) -> list[str]:
    """Draw a field for words of any kind, and return them."""
    typed = st.multiselect(
        label,
        given,
        default=given,
        accept_new_options=True,
        key=key,
        placeholder=placeholder,
        help=help,
        persist_state=KEPT,
    )
    return list(typed)


def text(label: str, given: str, key: str) -> str:
    """Draw a field for a text whose label is not shown, and return what stands in it."""
    typed = st.text_area(
        label,
        given,
        height="content",
        key=f"{key}-text",
        placeholder=label,
        label_visibility="collapsed",
        persist_state=KEPT,
    )
    return typed or ""
