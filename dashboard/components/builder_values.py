"""Choosing a value by its name: an input, or what a step before has left."""

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.components.builder_sheet import Sheet
from dashboard.components.text import literal
from dashboard.viewmodels.referring import Reference, named, referable
from symphony_core.io.editable import Step


def labels(found: Sequence[Reference]) -> dict[str, str]:
    """Return what values are called, by their paths; two of one name are told apart."""
    times = Counter(each.label for each in found)
    return {
        each.path: each.label if times[each.label] == 1 else f"{each.label} ({each.path})"
        for each in found
    }


def picker(
    sheet: Sheet, field: str, text_of: Callable[[Step], str], put: Callable[[str], None]
) -> None:
    """Draw the choice, and the text as it reads with the names of the values in it.

    What is chosen is put at the end of the text.
    """
    _choice(sheet, field, text_of, put)
    text = text_of(sheet.step)
    said = named(text, sheet.built.document)
    if said != text:
        st.caption(f":material/visibility: {literal(said)}")


def _choice(
    sheet: Sheet, field: str, text_of: Callable[[Step], str], put: Callable[[str], None]
) -> None:
    found = {each.path: each for each in referable(sheet.built.document, sheet.id)}
    if not found:
        st.caption("Inputs and answers of steps before it can be put in here once there are some.")
        return
    key, names = sheet.key(f"{field}-picker"), labels(list(found.values()))

    def insert() -> None:
        chosen = st.session_state[key]
        if chosen:
            text = text_of(sheet.now)
            blank = "" if not text or text[-1].isspace() else " "
            st.session_state[sheet.key(field)] = f"{text}{blank}{found[chosen].template}"
            put(st.session_state[sheet.key(field)])
        st.session_state[key] = None

    st.selectbox(
        "Insert a value",
        list(found),
        None,
        names.__getitem__,
        key,
        on_change=insert,
        placeholder="Insert a value, such as an answer…",
        label_visibility="collapsed",
        icon=":material/add_link:",
    )
