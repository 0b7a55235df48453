"""The fields for what a run may use."""

from typing import Literal

import streamlit as st

from symphony_core.workflow import RunLimits

KEPT: Literal["session"] = "session"
NONE = "No limit"
LEAST_COST = 0.0001
LEAST_MINUTES = 0.1


def show(given: RunLimits, *, key: str, with_time: bool = True) -> RunLimits:
    """Draw the fields, and return what stands in them; the time stays where it has no field."""
    with st.grid(4 if with_time else 3, min_column_width=140):
        calls = _whole("Model calls", given.model_calls, f"{key}-calls", step=1)
        tokens = _whole("Tokens", given.tokens, f"{key}-tokens", step=1000)
        cost = st.number_input(
            "Cost in US dollars",
            LEAST_COST,
            value=given.cost,
            step=0.1,
            format="%g",
            key=f"{key}-cost",
            placeholder=NONE,
            persist_state=KEPT,
        )
        seconds = _seconds(given, f"{key}-minutes") if with_time else given.seconds
    return RunLimits(model_calls=calls, tokens=tokens, cost=cost, seconds=seconds)


def _whole(label: str, value: int | None, key: str, *, step: int) -> int | None:
    number = st.number_input(
        label, 1, value=value, step=step, key=key, placeholder=NONE, persist_state=KEPT
    )
    return None if number is None else int(number)


def _seconds(given: RunLimits, key: str) -> float | None:
    minutes = st.number_input(
        "Time in minutes",
        LEAST_MINUTES,
        value=None if given.seconds is None else given.seconds / 60,
        step=1.0,
        format="%g",
        key=key,
        placeholder=NONE,
        persist_state=KEPT,
    )
    return None if minutes is None else minutes * 60
