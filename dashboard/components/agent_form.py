"""The form of an agent, with the prompt it makes beside it."""

from collections.abc import Sequence

import streamlit as st

from dashboard import services
from dashboard.components import problem
from dashboard.components.text import literal
from dashboard.services import ModelChoice
from dashboard.viewmodels.agents import AgentForm

LONGEST_NAME = 200


def show(form: AgentForm, models: Sequence[ModelChoice], *, key: str) -> AgentForm:
    """Draw the form, filled with what is given, and return what stands in it."""
    fields, prompt = st.columns([3, 2], gap="large")
    with fields:
        filled = _fields(form, models, key)
    with prompt:
        st.subheader("The prompt, as it will be sent", anchor=False)
        if not filled.instructions.strip():
            st.caption("It appears here as you write the instructions.")
            return filled
        with problem.explained():
            st.code(services.preview_instructions(filled), language=None, wrap_lines=True)
    return filled


def _fields(form: AgentForm, models: Sequence[ModelChoice], key: str) -> AgentForm:
    name = st.text_input("Name", form.name, max_chars=LONGEST_NAME, key=f"{key}-name")
    role = st.text_input(
        "Role", form.role, max_chars=LONGEST_NAME, key=f"{key}-role", placeholder="Content writer"
    )
    description = st.text_input("Description", form.description, key=f"{key}-description")
    instructions = st.text_area(
        "Instructions",
        form.instructions,
        height=180,
        key=f"{key}-instructions",
        help="What the agent is told before every task. {{name}} is filled from the variables.",
    )
    variables = st.text_area(
        "Variables, one a line: name = value",
        "\n".join(f"{name} = {value}" for name, value in form.variables.items()),
        height=80,
        key=f"{key}-variables",
    )
    expertise = st.multiselect(
        "Expertise",
        form.expertise,
        default=form.expertise,
        accept_new_options=True,
        key=f"{key}-expertise",
        placeholder="Type a word and press Enter",
        help="The router gives a task to the agent whose expertise fits.",
    )
    model = _model(form, models, key)
    with st.expander("More settings", icon=":material/tune:"):
        limitations = st.multiselect(
            "Limitations",
            form.limitations,
            default=form.limitations,
            accept_new_options=True,
            key=f"{key}-limitations",
            placeholder="Type and press Enter",
            help="What the agent should not be used for; for people to read.",
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
        )
        max_tokens = st.number_input(
            "Most tokens of an answer",
            1,
            1_000_000,
            form.max_tokens,
            key=f"{key}-max-tokens",
            placeholder="the model's own",
        )
        choices = st.text_area(
            "Answer choices, one a line",
            "\n".join(form.answer_choices),
            height=80,
            key=f"{key}-choices",
            help="Every answer is then exactly one of these texts.",
        )
    return AgentForm(
        name=name or "",
        role=role or "",
        description=description or "",
        instructions=instructions or "",
        expertise=list(expertise),
        limitations=list(limitations),
        model=model,
        temperature=temperature,
        max_tokens=max_tokens,
        answer_choices=_lines(choices),
        variables=dict(_pair(line) for line in _lines(variables)),
        version=form.version,
    )


def _model(form: AgentForm, models: Sequence[ModelChoice], key: str) -> str | None:
    by_name = {model.name: model for model in models}
    kept = [form.model] if form.model and form.model not in by_name else []
    default = services.default_model()

    def told(name: str | None) -> str:
        if name is None:
            return f"Default model ({default.label})"
        return by_name[name].label if name in by_name else name

    options: list[str | None] = [None, *by_name, *kept]
    index = options.index(form.model)
    chosen = st.selectbox("Model", options, index, format_func=told, key=f"{key}-model")
    shown = by_name.get(chosen or default.name, default)
    light = ":green[:material/check_circle:]" if shown.is_ready else ":orange[:material/report:]"
    st.markdown(f"{light} :small[{literal(shown.state)}]")
    return chosen


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value.strip()
