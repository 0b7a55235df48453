"""The field for a declared input or option of a workflow."""

from collections.abc import Sequence
from typing import Any, Literal

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.uploads import MEGABYTES, text_of
from dashboard.viewmodels.words import count
from symphony_core.orchestration.workflow_definition import InputType

LINE_LENGTH = 2_000
TEXT_LENGTH = 100_000
TEXT_HEIGHT = 110
KEPT: Literal["session"] = "session"  # what was typed is there again after another page


def show(
    key: str,
    label: str,
    kind: InputType,
    default: bool | str | float | None,
    help: str | None = None,
    *,
    choices: Sequence[str] = (),
) -> Any:
    """Draw the field and return what stands in it."""
    if kind == InputType.NUMBER:
        return number(key, label, default, help=help)
    if kind == InputType.BOOLEAN:
        return st.toggle(literal(label), bool(default), key, help, persist_state=KEPT)
    if kind == InputType.CHOICE:
        return _choice(key, label, default, help, choices)
    text = "" if default is None else str(default)
    if kind == InputType.FILE:
        return _file(key, label, text, help)
    if kind == InputType.LONG_TEXT:
        return st.text_area(
            literal(label), text, TEXT_HEIGHT, TEXT_LENGTH, key, help=help, persist_state=KEPT
        )
    return st.text_input(literal(label), text, LINE_LENGTH, key, help=help, persist_state=KEPT)


def _choice(key: str, label: str, default: Any, help: str | None, choices: Sequence[str]) -> Any:
    chosen = st.selectbox(
        literal(label),
        choices,
        index=choices.index(default) if default in choices else None,
        key=key,
        help=help,
        placeholder="Choose one",
        persist_state=KEPT,
    )
    return chosen or ""


def _file(key: str, label: str, given: str, help: str | None) -> str | None:
    """Return the text of the chosen file, the given one where none is, None if it is unusable."""
    chosen = st.file_uploader(literal(label), key=key, help=help, max_upload_size=MEGABYTES)
    if chosen is None:
        if given:
            st.caption(f"Until another is chosen: a text of {count(len(given), 'character')}.")
        return given
    text, problem = text_of(chosen.name, chosen.getvalue())
    if problem:
        st.error(literal(problem), icon=":material/error:")
    return text


def number(key: str, label: str, default: bool | str | float | None, **more: Any) -> Any:
    """Draw a field for a number; it is a whole one if the default is."""
    given = None if default is None else float(default)
    value = int(given) if given is not None and given.is_integer() else given
    return st.number_input(literal(label), value=value, key=key, persist_state=KEPT, **more)
