"""A part of a page that is sent only while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

MOST_NOTED = 2_000  # parts of a tab; those that were not drawn for longest are forgotten
_NOTED = "opened-at-first"


@contextmanager
def part(label: str, *, key: str, is_open: bool = False) -> Iterator[bool]:
    """Draw the part, open at first if so wished, and tell whether to fill it."""
    first = first_state(key, is_open=is_open)
    box = st.expander(label, expanded=first, type="compact", key=key, on_change="rerun")
    with box:
        yield bool(box.open)


def first_state(key: str, *, is_open: bool) -> bool:
    """Return whether a part is to be drawn open at first: as it was wished the first time.

    With another first state it would be another element, closed or opened by nobody.
    """
    noted: dict[str, bool] = st.session_state.setdefault(_NOTED, {})
    noted[key] = first = noted.pop(key, is_open)  # now the last in the order
    if len(noted) > MOST_NOTED:
        del noted[next(iter(noted))]
    return first
