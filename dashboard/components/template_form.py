"""The form of a template: its inputs, who plays which role, and what shapes the workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.components import input_field, limit_fields
from dashboard.components.text import literal
from dashboard.viewmodels.agents import AgentView
from symphony_core.orchestration.templates.base import Template, TemplateOption
from symphony_core.orchestration.workflow_definition import InputType, WorkflowInput
from symphony_core.workflow import RunLimits

ROUTER = "Let the router choose"


@dataclass(frozen=True)
class Filled:
    """What was filled in."""

    inputs: dict[str, Any]
    options: dict[str, Any]
    agents: dict[str, str | None]
    limits: RunLimits


def show(template: Template, agents: Sequence[AgentView]) -> Filled:
    """Draw the form and return what stands in it."""
    inputs = {declared.name: _input(template.key, declared) for declared in template.inputs}
    options = {option.name: _option(template.key, option) for option in template.options}
    return Filled(inputs, options, _roles(template, agents), limit_fields.for_new_run(template.key))


def _input(template: str, declared: WorkflowInput) -> Any:
    label = declared.label or declared.name
    if not declared.required:
        label = f"{label} (optional)"
    return input_field.show(
        f"{template}-{declared.name}",
        label,
        declared.type,
        declared.default,
        choices=declared.choices,
    )


def _option(template: str, option: TemplateOption) -> Any:
    key, help = f"{template}-{option.name}", literal(option.help)
    if option.type == InputType.NUMBER:
        return input_field.number(key, option.label, option.default, help=help, min_value=1)
    return input_field.show(key, option.label, option.type, option.default, help=help)


def _roles(template: Template, agents: Sequence[AgentView]) -> dict[str, str | None]:
    names = {agent.id: f"{agent.name} · {agent.role}" for agent in agents}
    return {
        role.name: st.selectbox(
            literal(role.label),
            [None, *names],
            format_func=lambda agent_id: names.get(agent_id, ROUTER),
            key=f"{template.key}-role-{role.name}",
            help=literal(role.help),
            persist_state=input_field.KEPT,
        )
        for role in template.roles
    }
