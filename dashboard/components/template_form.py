"""The form of a template: its inputs, who plays which role, and what shapes the workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.agents import AgentView
from symphony_core.orchestration.templates.base import Template, TemplateOption
from symphony_core.orchestration.workflow_definition import InputType, WorkflowInput

ROUTER = "Let the router choose"
LINE_LENGTH = 2_000
TEXT_LENGTH = 100_000
TEXT_HEIGHT = 110
KEPT: Literal["session"] = "session"  # what was typed is there again after another page


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
    key, help = f"{template}-{option.name}", literal(option.help)
    if option.type == InputType.NUMBER:
        return _number(key, option.label, option.default, help=help, min_value=1)
    return _field(key, option.label, option.type, option.default, help=help)


def _field(
    key: str, label: str, kind: InputType, default: str | float | None, help: str | None = None
) -> Any:
    if kind == InputType.NUMBER:
        return _number(key, label, default, help=help)
    text = "" if default is None else str(default)
    if kind == InputType.LONG_TEXT:
        return st.text_area(
            literal(label), text, TEXT_HEIGHT, TEXT_LENGTH, key, help=help, persist_state=KEPT
        )
    return st.text_input(literal(label), text, LINE_LENGTH, key, help=help, persist_state=KEPT)


def _number(key: str, label: str, default: str | float | None, **more: Any) -> Any:
    number = None if default is None else float(default)
    value = int(number) if number is not None and number.is_integer() else number
    return st.number_input(literal(label), value=value, key=key, persist_state=KEPT, **more)


def _roles(template: Template, agents: Sequence[AgentView]) -> dict[str, str | None]:
    names = {agent.id: f"{agent.name} · {agent.role}" for agent in agents}
    return {
        role.name: st.selectbox(
            literal(role.label),
            [None, *names],
            format_func=lambda agent_id: names.get(agent_id, ROUTER),
            key=f"{template.key}-role-{role.name}",
            help=literal(role.help),
            persist_state=KEPT,
        )
        for role in template.roles
    }
