"""The form of a template: its inputs, who plays which role, and what shapes the workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.agents import AgentView
from symphony_core.orchestration.templates.base import Template, TemplateOption
from symphony_core.orchestration.workflow_definition import InputType, WorkflowInput

ROUTER = "Let the router choose"
LINE_LENGTH = 2_000
TEXT_LENGTH = 100_000


@dataclass(frozen=True)
class Filled:
    """What was filled in."""

    inputs: dict[str, Any]
    options: dict[str, Any]
    agents: dict[str, str | None]


def show(template: Template, agents: Sequence[AgentView]) -> Filled:
    """Draw the form and return what stands in it."""
    inputs = {declared.name: _input(template.key, declared) for declared in template.inputs}
    options = {option.name: _option(template.key, option) for option in template.options}
    return Filled(inputs, options, _roles(template, agents))


def _input(template: str, declared: WorkflowInput) -> Any:
    label = declared.label or declared.name
    if not declared.required:
        label = f"{label} (optional)"
    return _field(f"{template}-{declared.name}", label, declared.type, declared.default)


def _option(template: str, option: TemplateOption) -> Any:
    key = f"{template}-{option.name}"
    return _field(key, option.label, option.type, option.default, help=literal(option.help))


def _field(
    key: str, label: str, kind: InputType, default: str | float | None, help: str | None = None
) -> Any:
    # What was typed is there again after a visit to another page.
    common: dict[str, Any] = {"key": key, "help": help, "persist_state": "session"}
    if kind == InputType.NUMBER:
        number = None if default is None else float(default)
        if number is not None and number.is_integer():
            return st.number_input(literal(label), value=int(number), step=1, **common)
        return st.number_input(literal(label), value=number, **common)
    text = "" if default is None else str(default)
    if kind == InputType.LONG_TEXT:
        return st.text_area(literal(label), text, height=110, max_chars=TEXT_LENGTH, **common)
    return st.text_input(literal(label), text, max_chars=LINE_LENGTH, **common)


def _roles(template: Template, agents: Sequence[AgentView]) -> dict[str, str | None]:
    names = {agent.id: f"{agent.name} · {agent.role}" for agent in agents}
    return {
        role.name: st.selectbox(
            literal(role.label),
            [None, *names],
            format_func=lambda agent_id: names.get(agent_id, ROUTER),
            key=f"{template.key}-role-{role.name}",
            help=literal(role.help),
            persist_state="session",
        )
        for role in template.roles
    }
