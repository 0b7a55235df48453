"""Rows of fields that a person adds and removes."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from symphony_core.ids import new_id

T = TypeVar("T")


def show(
    given: Sequence[T], blank: T, field: Callable[[T, str], T], *, key: str, noun: str
) -> list[T]:
    """Draw a row for each of the given values, and return what stands in the rows.

    `field` draws one value under a key of its own, without labels.
    """
    stored = {str(place): value for place, value in enumerate(given)}
    row_ids: list[str] = st.session_state.setdefault(key, list(stored))
    filled = []
    for row_id in row_ids:
        row_key = f"{key}-{row_id}"
        with st.container(horizontal=True, gap="small"):
            with st.container(gap="xsmall"):
                filled.append(field(stored.get(row_id, blank), row_key))
            st.button(
                "Remove",
                icon=":material/close:",
                type="tertiary",
                key=f"{row_key}-remove",
                on_click=row_ids.remove,
                args=(row_id,),
            )
    st.button(
        f"Add {noun}",
        icon=":material/add:",
        key=f"{key}-add",
        on_click=lambda: row_ids.append(new_id()),
    )
    return filled
