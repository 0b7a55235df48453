"""The form of a template: its inputs, who plays which role, and what shapes the workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.viewmodels.agents import AgentView
from symphony_core.orchestration.templates.base import Template, TemplateOption
from symphony_core.orchestration.workflow_definition import InputType, WorkflowInput


@dataclass(frozen=True)
class Filled:
    """What was filled in."""

    inputs: dict[str, Any]
    options: dict[str, Any]
    agents: dict[str, str | None]


def show(template: Template, agents: Sequence[AgentView]) -> Filled:
    """Draw the form and return what stands in it."""
    inputs = {field.name: _field(template.key, field, None) for field in template.inputs}
    options = {
        option.name: _field(template.key, option, option.help) for option in template.options
    }
    return Filled(inputs, options, _roles(template, agents))


def _field(template: str, field: WorkflowInput | TemplateOption, help: str | None) -> Any:
    label, key = field.label or field.name, f"{template}-{field.name}"
    if field.type == InputType.LONG_TEXT:
        return st.text_area(label, value=str(field.default or ""), key=key, help=help)
    if field.type == InputType.NUMBER:
        number = int(field.default or 0)
        return st.number_input(label, min_value=1, value=number, step=1, key=key, help=help)
    return st.text_input(label, value=str(field.default or ""), key=key, help=help)


def _roles(template: Template, agents: Sequence[AgentView]) -> dict[str, str | None]:
    names = {agent.id: f"{agent.name} · {agent.role}" for agent in agents}
    return {
        role.name: st.selectbox(
            role.label,
            [None, *names],
            format_func=lambda agent_id: names.get(agent_id, "Let the router choose"),
            key=f"{template.key}-role-{role.name}",
            help=role.help,
        )
        for role in template.roles
    }
