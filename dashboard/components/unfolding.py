"""A part of a page that is sent only while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def part(label: str, *, key: str, is_open: bool = False) -> Iterator[bool]:
    """Draw the part, open at first if so wished, and tell whether to fill it.

    With another first state it would be another element, so the one that it was drawn with stays.
    """
    first: bool = st.session_state.setdefault(f"opened-{key}", is_open)
    box = st.expander(label, expanded=first, type="compact", key=key, on_change="rerun")
    with box:
        yield bool(box.open)
