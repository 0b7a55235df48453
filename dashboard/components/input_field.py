"""The field for a declared input or option of a workflow."""

from typing import Any, Literal

import streamlit as st

from dashboard.components.text import literal
from symphony_core.orchestration.workflow_definition import InputType

LINE_LENGTH = 2_000
TEXT_LENGTH = 100_000
TEXT_HEIGHT = 110
KEPT: Literal["session"] = "session"  # what was typed is there again after another page


def show(
    key: str, label: str, kind: InputType, default: str | float | None, help: str | None = None
) -> Any:
    """Draw the field and return what stands in it."""
    if kind == InputType.NUMBER:
        return number(key, label, default, help=help)
    text = "" if default is None else str(default)
    if kind == InputType.LONG_TEXT:
        return st.text_area(
            literal(label), text, TEXT_HEIGHT, TEXT_LENGTH, key, help=help, persist_state=KEPT
        )
    return st.text_input(literal(label), text, LINE_LENGTH, key, help=help, persist_state=KEPT)


def number(key: str, label: str, default: str | float | None, **more: Any) -> Any:
    """Draw a field for a number; it is a whole one if the default is."""
    given = None if default is None else float(default)
    value = int(given) if given is not None and given.is_integer() else given
    return st.number_input(literal(label), value=value, key=key, persist_state=KEPT, **more)
