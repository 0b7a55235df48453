"""The form of an agent, with the prompt it makes beside it."""

from collections.abc import Sequence

import streamlit as st

from dashboard import services, theme
from dashboard.components import agent_fields as fields
from dashboard.components import (
    agent_prompt,
    agent_settings,
    agent_tools,
    model_picker,
    problem,
    rows,
)
from dashboard.components.input_field import KEPT
from dashboard.components.text import literal
from dashboard.services import ModelChoice
from dashboard.viewmodels.agents import AgentForm

VARIABLES = (
    "Where {{name}} stands in the instructions, the value of the variable with that name is put."
)
DEFAULT_MODEL = ""  # None would be shown as nothing chosen


def show(form: AgentForm, models: Sequence[ModelChoice], *, key: str) -> AgentForm:
    """Draw the form, filled with what is given, and return what stands in it."""
    left, prompt = st.columns([3, 2], gap="large")
    with left:
        filled = _fields(form, models, key)
    with prompt:
        st.subheader("The prompt, as it will be sent", anchor=False)
        with problem.explained():
            agent_prompt.show(filled)
    return filled


def _fields(form: AgentForm, models: Sequence[ModelChoice], key: str) -> AgentForm:
    name = fields.line("Name", form.name, f"{key}-name")
    role = fields.line("Role", form.role, f"{key}-role", "Content writer")
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
    expertise = fields.words(
        "Expertise",
        form.expertise,
        f"{key}-expertise",
        "Type a word and press Enter",
        "The router gives a task to the agent whose expertise fits.",
    )
    tools = agent_tools.show(form.tools, f"{key}-tools")
    model = _model(form, models, key)
    more = agent_settings.show(form, key)
    return AgentForm(
        name=name,
        role=role,
        description=description or "",
        instructions=instructions or "",
        expertise=expertise,
        tools=tools,
        model=model,
        variables=variables,
        version=form.version,
        **more,
    )


def _variable(given: tuple[str, str], key: str) -> tuple[str, str]:
    name = st.text_input(
        "Variable",
        given[0],
        key=f"{key}-name",
        placeholder="Name, such as subject",
        label_visibility="collapsed",
        persist_state=KEPT,
    )
    return name or "", fields.text("Value", given[1], key)


def _model(form: AgentForm, models: Sequence[ModelChoice], key: str) -> str | None:
    default = services.default_model()
    others = {DEFAULT_MODEL: f"Default model ({default.label})"}
    given = form.model or DEFAULT_MODEL
    chosen = model_picker.show("Model", given, models, key=f"{key}-model", others=others)
    shown = services.describe_model(chosen) if chosen else default
    st.markdown(f"{theme.lamp(is_ready=shown.is_ready)} :small[{literal(shown.state)}]")
    return chosen or None
