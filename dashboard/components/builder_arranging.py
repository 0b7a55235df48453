"""The forms of the steps that arrange others, and of the one that asks a person."""

import streamlit as st

from dashboard.components import builder_condition
from dashboard.components.builder_sheet import Sheet
from dashboard.components.builder_task import time_limit
from dashboard.components.builder_values import picker
from dashboard.viewmodels.referring import referable

MOST_TURNS, MOST_AT_ONCE = 1000, 500
NEVER = "False"  # an exit condition that never holds
ON_REJECT = {"fail": "The run ends as failed", "continue": "The run goes on; a branch can go by it"}


def conditional(sheet: Sheet) -> None:
    """Draw the form of a branch."""
    values = referable(sheet.built.document, sheet.id)
    builder_condition.show(sheet, "condition", "It goes to Yes when", values)
    sheet.tell("if_branch", "else_branch")
    sheet.more()


def parallel(sheet: Sheet) -> None:
    """Draw the form of steps side by side."""
    sheet.number(
        "max_concurrency",
        "At most so many at once",
        int(sheet.step.get("max_concurrency") or 5),
        min_value=1,
        max_value=MOST_AT_ONCE,
        help="More of them wait until one is done.",
    )
    sheet.tell("steps")
    sheet.more()


def loop(sheet: Sheet) -> None:
    """Draw the form of a loop."""
    sheet.number(
        "max_iterations",
        "At most so many turns",
        int(sheet.step.get("max_iterations") or 1),
        min_value=1,
        max_value=MOST_TURNS,
    )
    sheet.tell("steps")
    _exit(sheet)
    with sheet.more():
        _text(
            sheet,
            "start",
            "Text to start with",
            "What stands for the loop's own result in its first turn, when there is none yet.",
        )


def approval(sheet: Sheet) -> None:
    """Draw the form of a question to a person."""
    _text(sheet, "message", "What to ask the person", "May this go out?")
    _text(
        sheet,
        "text",
        "Text that the person can change",
        "The question itself, where this is empty. What the person leaves of it goes on.",
    )
    key = sheet.key("on_reject")
    options = list(ON_REJECT)
    st.radio(
        "If the person rejects it",
        options,
        options.index(str(sheet.step.get("on_reject") or "fail")),
        ON_REJECT.__getitem__,
        key,
        on_change=lambda: sheet.put("Rejection", {"on_reject": st.session_state[key]}),
    )
    with sheet.more():
        time_limit(sheet, "Time to answer in seconds", "The run fails if nobody answers by then.")


def _exit(sheet: Sheet) -> None:
    has_exit = sheet.step.get("exit_condition", NEVER) != NEVER
    key = sheet.key("has-exit")
    st.checkbox(
        "End it sooner",
        has_exit,
        key,
        on_change=lambda: sheet.put(
            "End", {"exit_condition": "" if st.session_state[key] else NEVER}
        ),
        help="Otherwise it takes all its turns.",
    )
    if has_exit:
        values = referable(sheet.built.document, sheet.id, at_end=True)
        builder_condition.show(sheet, "exit_condition", "It ends when", values)


def _text(sheet: Sheet, field: str, label: str, help: str) -> None:
    """Draw a field for a text with values in it."""
    sheet.text(field, label, height=100, help=help)
    picker(
        sheet,
        field,
        lambda step: str(step.get(field) or ""),
        lambda text: sheet.put(label, {field: text}, field),
    )
