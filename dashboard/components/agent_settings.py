"""How an agent writes, and what its answers are: the part of its form that few need."""

from functools import partial
from typing import Any

import streamlit as st

from dashboard.components import agent_fields as fields
from dashboard.components import rows
from dashboard.components.input_field import KEPT
from dashboard.viewmodels.agents import AgentForm

CHOICES = "With two or more of these, every answer is exactly one of them."
SCHEMA = (
    "A JSON Schema of an object. Every answer is then data of that form: later steps refer to its "
    "values, such as `step.classify.result.kind`."
)
OWN = "the model's own"


def show(form: AgentForm, key: str) -> dict[str, Any]:
    """Draw the fields, and return what stands in them by the form's names."""
    with st.expander("More settings", icon=":material/tune:"):
        limitations = fields.words(
            "Limitations",
            form.limitations,
            f"{key}-limitations",
            "Type and press Enter",
            "What the agent should not be used for; for people to read.",
        )
        return {"limitations": limitations, **_numbers(form, key), **_answers(form, key)}


def _numbers(form: AgentForm, key: str) -> dict[str, Any]:
    shared: dict[str, Any] = {"placeholder": OWN, "persist_state": KEPT}
    return {
        "temperature": st.number_input(
            "Temperature",
            0.0,
            2.0,
            form.temperature,
            0.1,
            key=f"{key}-temperature",
            help="0 answers the same every time; more is more varied.",
            **shared,
        ),
        "max_tokens": st.number_input(
            "Most tokens of an answer",
            1,
            1_000_000,
            form.max_tokens,
            key=f"{key}-max-tokens",
            **shared,
        ),
        "seed": st.number_input(
            "Seed",
            0,
            2**31 - 1,
            form.seed,
            key=f"{key}-seed",
            help="The same number makes the same answer again, where a model can do that.",
            **shared,
        ),
        "timeout_s": st.number_input(
            "Time limit of a call, in seconds",
            0.1,
            86_400.0,
            form.timeout_s,
            1.0,
            format="%g",
            key=f"{key}-timeout",
            **{**shared, "placeholder": "none"},
        ),
    }


def _answers(form: AgentForm, key: str) -> dict[str, Any]:
    stop = fields.words(
        "Stop before",
        form.stop,
        f"{key}-stop",
        "Type a text and press Enter",
        "The model stops before it writes one of these.",
    )
    schema = st.text_area(
        "Answers as data",
        form.answer_schema,
        height="content",
        key=f"{key}-schema",
        placeholder='{"type": "object", "properties": {"kind": {"type": "string"}}}',
        help=SCHEMA,
        persist_state=KEPT,
    )
    st.markdown(":small[Answer choices]", help=CHOICES)
    choices = rows.show(
        form.answer_choices,
        "",
        partial(fields.text, "Choice"),
        key=f"{key}-choices",
        noun="choice",
    )
    return {"stop": stop, "answer_choices": choices, "answer_schema": schema or ""}
