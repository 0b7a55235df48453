"""A part of a page that is sent only while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

MOST_NOTED = 2_000  # parts of a page; those that were not drawn for longest are forgotten
_NOTED = "opened-at-first"
_SHOWN = ("run", "a", "b")  # what the address names where parts are drawn


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
    noted = _noted()
    noted[key] = first = noted.pop(key, is_open)  # now the last in the order
    if len(noted) > MOST_NOTED:
        del noted[next(iter(noted))]
    return first


def _noted() -> dict[str, bool]:
    """The first states of the parts of what is shown; of what was shown before, none is kept."""
    shown = [st.query_params.get(name) for name in _SHOWN]
    kept: tuple[list[str | None], dict[str, bool]] | None = st.session_state.get(_NOTED)
    if kept is None or kept[0] != shown:
        kept = st.session_state[_NOTED] = shown, {}
    return kept[1]
