"""The form of an agent, with the prompt it makes beside it."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import streamlit as st

from dashboard import services
from dashboard.components import agent_prompt, problem, rows
from dashboard.components.text import literal
from dashboard.services import ModelChoice
from dashboard.viewmodels.agents import AgentForm

LONGEST_NAME = 200
VARIABLES = (
    "Where {{name}} stands in the instructions, the value of the variable with that name is put."
)
DEFAULT_MODEL = ""  # None would be shown as nothing chosen
CHOICES = "With two or more of these, every answer is exactly one of them."
KEPT: Literal["session"] = "session"  # what was typed is there again after another page


def show(form: AgentForm, models: Sequence[ModelChoice], *, key: str) -> AgentForm:
    """Draw the form, filled with what is given, and return what stands in it."""
    fields, prompt = st.columns([3, 2], gap="large")
    with fields:
        filled = _fields(form, models, key)
    with prompt:
        st.subheader("The prompt, as it will be sent", anchor=False)
        with problem.explained():
            agent_prompt.show(filled)
    return filled


def _fields(form: AgentForm, models: Sequence[ModelChoice], key: str) -> AgentForm:
    name = _line("Name", form.name, f"{key}-name")
    role = _line("Role", form.role, f"{key}-role", "Content writer")
    description = st.text_input(
        "Description", form.description, key=f"{key}-description", persist_state=KEPT
    )
    instructions = st.text_area(
        "Instructions",
        form.instructions,
        height=180,
        key=f"{key}-instructions",
        help="What the agent is told before every task. {{name}} is filled from the variables.",
        persist_state=KEPT,
    )
    st.markdown(":small[Variables]", help=VARIABLES)
    variables = rows.show(
        form.variables, ("", ""), _variable, key=f"{key}-variables", noun="variable"
    )
    expertise = _words(
        "Expertise",
        form.expertise,
        f"{key}-expertise",
        "Type a word and press Enter",
        "The router gives a task to the agent whose expertise fits.",
    )
    model = _model(form, models, key)
    with st.expander("More settings", icon=":material/tune:"):
        limitations = _words(
            "Limitations",
            form.limitations,
            f"{key}-limitations",
            "Type and press Enter",
            "What the agent should not be used for; for people to read.",
        )
        temperature = st.number_input(
            "Temperature",
            0.0,
            2.0,
            form.temperature,
            0.1,
            key=f"{key}-temperature",
            placeholder="the model's own",
            help="0 answers the same every time; more is more varied.",
            persist_state=KEPT,
        )
        max_tokens = st.number_input(
            "Most tokens of an answer",
            1,
            1_000_000,
            form.max_tokens,
            key=f"{key}-max-tokens",
            placeholder="the model's own",
            persist_state=KEPT,
        )
        st.markdown(":small[Answer choices]", help=CHOICES)
        choices = rows.show(
            form.answer_choices, "", partial(_text, "Choice"), key=f"{key}-choices", noun="choice"
        )
    return AgentForm(
        name=name,
        role=role,
        description=description or "",
        instructions=instructions or "",
        expertise=expertise,
        limitations=limitations,
        model=model,
        temperature=temperature,
        max_tokens=max_tokens,
        answer_choices=choices,
        variables=variables,
        version=form.version,
    )


def _line(label: str, text: str, key: str, placeholder: str | None = None) -> str:
    typed = st.text_input(
        label, text, LONGEST_NAME, key, placeholder=placeholder, persist_state=KEPT
    )
    return typed or ""


def _words(label: str, given: Sequence[str], key: str, placeholder: str, help: str) -> list[str]:
    words = st.multiselect(
        label,
        given,
        default=given,
        accept_new_options=True,
        key=key,
        placeholder=placeholder,
        help=help,
        persist_state=KEPT,
    )
    return list(words)


def _variable(given: tuple[str, str], key: str) -> tuple[str, str]:
    name = st.text_input(
        "Variable",
        given[0],
        key=f"{key}-name",
        placeholder="Name, such as subject",
        label_visibility="collapsed",
        persist_state=KEPT,
    )
    return name or "", _text("Value", given[1], key)


def _text(label: str, given: str, key: str) -> str:
    typed = st.text_area(
        label,
        given,
        height="content",
        key=f"{key}-text",
        placeholder=label,
        label_visibility="collapsed",
        persist_state=KEPT,
    )
    return typed or ""


def _model(form: AgentForm, models: Sequence[ModelChoice], key: str) -> str | None:
    by_name = {model.name: model for model in models}
    kept = [form.model] if form.model and form.model not in by_name else []
    default = services.default_model()

    def told(name: str) -> str:
        if name == DEFAULT_MODEL:
            return f"Default model ({default.label})"
        return by_name[name].label if name in by_name else name

    options = [DEFAULT_MODEL, *by_name, *kept]
    index = options.index(form.model or DEFAULT_MODEL)
    chosen = st.selectbox(
        "Model", options, index, format_func=told, key=f"{key}-model", persist_state=KEPT
    )
    shown = services.describe_model(chosen) if chosen else default
    light = ":green[:material/check_circle:]" if shown.is_ready else ":orange[:material/report:]"
    st.markdown(f"{light} :small[{literal(shown.state)}]")
    return chosen or None
