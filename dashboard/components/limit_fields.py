"""The fields for what a run may use, before it starts and later."""

import streamlit as st

from dashboard import default_services
from dashboard.components.input_field import KEPT
from dashboard.components.text import literal
from dashboard.viewmodels.limits import in_words
from symphony_core.workflow import RunLimits

NONE = "No limit"
LEAST_COST = 0.0001
LEAST_MINUTES = 0.1
HOW = (
    "A run that reaches one pauses and asks you before it uses more; one that takes longer than "
    "its time fails. An empty field is no limit."
)


def for_new_run(key: str) -> RunLimits:
    """Draw the limits of a run that is to start, folded, filled with those of new runs."""
    given = default_services.limits()
    with st.expander("Limits", icon=":material/speed:", key=f"{key}-limits"):
        st.caption(HOW)
        # With other limits for new runs, the fields are other fields.
        limits = show(given, key=f"{key}-limit-{given.model_dump_json()}")
    if words := in_words(limits):
        st.caption(f":material/speed: Limited to {literal(words)}.")
    return limits


def show(given: RunLimits, *, key: str, with_time: bool = True) -> RunLimits:
    """Draw the fields, and return what stands in them; the time stays where it has no field."""
    with st.grid(4 if with_time else 3, min_column_width=140):
        calls = _whole("Model calls", given.model_calls, f"{key}-calls", step=1)
        tokens = _whole("Tokens", given.tokens, f"{key}-tokens", step=1000)
        cost = _part("Cost in US dollars", given.cost, f"{key}-cost", LEAST_COST, step=0.1)
        seconds = given.seconds
        if with_time:
            minutes = None if seconds is None else seconds / 60
            typed = _part("Time in minutes", minutes, f"{key}-minutes", LEAST_MINUTES, step=1.0)
            seconds = None if typed is None else typed * 60
    return RunLimits(model_calls=calls, tokens=tokens, cost=cost, seconds=seconds)


def _whole(label: str, given: int | None, key: str, *, step: int) -> int | None:
    _fill(key, given)
    return st.number_input(
        label, 1, value=None, step=step, key=key, placeholder=NONE, persist_state=KEPT
    )


def _part(label: str, given: float | None, key: str, least: float, *, step: float) -> float | None:
    _fill(key, given)
    return st.number_input(
        label,
        least,
        value=None,
        step=step,
        format="%g",
        key=key,
        placeholder=NONE,
        persist_state=KEPT,
    )


def _fill(key: str, given: float | None) -> None:
    """Put a value into a field that is new; a field with a default could not be emptied."""
    if given is not None:
        st.session_state.setdefault(key, given)
