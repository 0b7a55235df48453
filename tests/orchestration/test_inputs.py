"""What a run may be given, and what its steps see of that."""

import math
from typing import Any

import pytest

from symphony_core.errors import DefinitionError
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import ConditionalStep, TaskStep
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)
from symphony_core.registry import ServiceRegistry
from tests.support.scripted import answer_with

TYPED = (
    WorkflowInput(name="tone", type=InputType.CHOICE, choices=("formal", "warm")),
    WorkflowInput(name="pages", type=InputType.NUMBER, default=2),
    WorkflowInput(name="loud", type=InputType.BOOLEAN, required=False),
    WorkflowInput(name="notes", type=InputType.FILE, required=False),
)


def ask(step_id: str, query: str) -> TaskStep:
    step = TaskStep(step_id.capitalize(), {"input_data": {"query": query}})
    step.id = step_id
    return step


def workflow(*steps: WorkflowStep) -> WorkflowDefinition:
    definition = WorkflowDefinition(name="W", inputs=TYPED)
    for step in steps:
        definition = definition.add_step(step)
    return definition


def engine_of(registry: ServiceRegistry) -> WorkflowEngine:
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    return engine


async def test_an_input_is_what_it_is_declared_to_be(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": "", "reply": "Fine."}])
    said = ask("a", "{{tone}}, {{pages}} pages, loud: {{loud}}, {{notes}}.")
    branch = ConditionalStep("If loud", "loud", ask("b", "LOUD"), ask("c", "quiet"))
    definition = workflow(said, branch)
    run = await engine_of(registry).execute_workflow(definition, {"tone": "warm"})
    assert run.inputs == {"tone": "warm", "pages": 2, "loud": False, "notes": ""}
    given = {"tone": "formal", "loud": True, "notes": "Ebb"}
    await engine_of(registry).execute_workflow(definition, given)
    assert [prompt.text for prompt in model.prompts] == [
        *("warm, 2 pages, loud: no, .", "quiet"),
        *("formal, 2 pages, loud: yes, Ebb.", "LOUD"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("tone", "rude", "'tone' of 'W' is one of 'formal', 'warm', not 'rude'."),
        ("tone", " ", "'tone' of 'W' needs a value."),
        ("pages", "many", "'pages' of 'W' is a number, and 'many' is none."),
        ("pages", True, "'pages' of 'W' is a number, and True is none."),
        ("loud", "yes", "'loud' of 'W' is yes or no (true or false), and 'yes' is neither."),
        ("notes", 5, "'notes' of 'W' is the text of a file, and 5 is no text."),
        ("notes", "x" * 100_001, "'notes' of 'W' is too long: it may have 100,000 characters"),
        ("other", {1, 2}, "inputs of 'W' cannot be kept: Object of type set is not JSON"),
        ("other", [math.nan], "inputs of 'W' cannot be kept: Out of range float values"),
    ],
)
def test_an_input_that_is_something_else_is_refused(
    registry: ServiceRegistry, name: str, value: Any, sentence: str
) -> None:
    definition = workflow(ask("a", "A?"))
    with pytest.raises(DefinitionError) as caught:
        engine_of(registry).new_run(definition, {"tone": "warm", name: value})
    assert sentence in str(caught.value)
