"""Whatever a definition holds, it is the same after it was written and read, in every form."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from symphony_core.agent_config import AgentConfig
from symphony_core.io.documents import (
    Form,
    dump_agent,
    dump_workflow,
    load_agent,
    load_workflow,
)
from symphony_core.io.python_export import dump_workflow_python
from symphony_core.orchestration.step import load_step
from symphony_core.orchestration.templates import GALLERY
from symphony_core.orchestration.templates.base import Template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from tests.support.definitions import AGENTS, DEFINITIONS

MOMENTS = {"created_at", "updated_at"}
EXAMPLES = settings(
    max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def content(entity: WorkflowDefinition | AgentConfig) -> dict[str, Any]:
    return entity.model_dump(exclude=MOMENTS)


def executed(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), names)  # noqa: S102 - what is tested
    return names


def built(definition: WorkflowDefinition) -> WorkflowDefinition:
    """Return a definition as a program builds it: every step with all of its fields."""
    steps = tuple(load_step(step).to_dict() for step in definition.steps)
    return definition.model_copy(update={"steps": steps})


@EXAMPLES
@given(DEFINITIONS)
@pytest.mark.parametrize("form", Form)
def test_a_workflow_is_the_same_after_being_written_and_read(
    form: Form, definition: WorkflowDefinition
) -> None:
    text = dump_workflow(definition, form)
    again = load_workflow(text.encode(), form)
    assert content(again) == content(definition)
    assert dump_workflow(again, form) == text


@EXAMPLES
@given(AGENTS)
@pytest.mark.parametrize("form", Form)
def test_an_agent_is_the_same_after_being_written_and_read(form: Form, config: AgentConfig) -> None:
    assert content(load_agent(dump_agent(config, form), form)) == content(config)


@EXAMPLES
@given(DEFINITIONS)
def test_a_workflow_is_the_same_after_its_program_was_run(definition: WorkflowDefinition) -> None:
    again = executed(dump_workflow_python(definition))["workflow"]
    assert content(again) == content(built(definition))
    assert content(executed(dump_workflow_python(again))["workflow"]) == content(again)


@EXAMPLES
@given(AGENTS)
def test_an_agent_is_the_same_after_a_program_with_it_was_run(config: AgentConfig) -> None:
    step = {"type": "task", "id": "s", "name": "S", "agent_id": config.id}
    step["task_template"] = {"input_data": {"query": "?"}}
    definition = WorkflowDefinition(name="W", steps=(step,))
    names = executed(dump_workflow_python(definition, [config]))
    agents = [value for name, value in names.items() if isinstance(value, AgentConfig)]
    assert list(map(content, agents)) == [content(config)]
    assert names["workflow"].steps[0]["agent_id"] == config.id


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_a_template_is_the_same_in_every_form(template: Template) -> None:
    definition = template.build({role.name: role.name for role in template.roles})
    for form in Form:
        assert content(load_workflow(dump_workflow(definition, form), form)) == content(definition)
    again = executed(dump_workflow_python(definition))["workflow"]
    assert content(again) == content(definition)
