"""The published schemas: current, valid, and never stricter than the checks."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from symphony_core.io.documents import dump_agent, dump_workflow
from symphony_core.io.schema import agent_schema, violations, workflow_schema
from symphony_core.orchestration.templates import GALLERY
from tests.io.test_round_trips import EXAMPLES
from tests.support.definitions import AGENTS, DEFINITIONS

DOCS = Path(__file__).parent.parent.parent / "docs"
SCHEMAS = {"workflow": workflow_schema(), "agent": agent_schema()}
TASK = {"type": "task", "id": "s", "name": "S", "task_template": {"input_data": {"query": "?"}}}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_published_schema_is_the_present_one(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    published = json.loads((DOCS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    again = f"run: python -m symphony_core schema {kind} > docs/{kind}.schema.json"
    assert published == SCHEMAS[kind], again


@EXAMPLES
@given(DEFINITIONS)
def test_the_schema_takes_every_workflow(definition: Any) -> None:
    assert violations(json.loads(dump_workflow(definition)), SCHEMAS["workflow"]) == []


@EXAMPLES
@given(AGENTS)
def test_the_schema_takes_every_agent(config: Any) -> None:
    assert violations(json.loads(dump_agent(config)), SCHEMAS["agent"]) == []


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_the_schema_takes_every_template(template: Any) -> None:
    assert violations(json.loads(dump_workflow(template.build())), SCHEMAS["workflow"]) == []


@pytest.mark.parametrize(
    ("place", "step"),
    [
        ("'steps.1': 'id' is a required", {"type": "task", "name": "x"}),
        ("'steps.1': Additional properties", {**TASK, "agentid": "x"}),
        ("'steps.1.id': must have pattern", {**TASK, "id": "a b"}),
        ("'steps.1.timeout_s': must have exclusiveMinimum 0", {**TASK, "timeout_s": 0}),
        ("'steps.1.retry.max_retries': must have maximum 10", {**TASK, "retry": {"max_retries": 11}}),
        ("'steps.1.task_template.input_data.query'", {**TASK, "task_template": {"input_data": {"query": " "}}}),
        ("'steps.1.steps.1.name'", {"type": "loop", "id": "l", "name": "L", "max_iterations": 1, "steps": [{**TASK, "name": 5}]}),
        ("'steps.1.if_branch'", {"type": "conditional", "id": "c", "name": "C", "condition": "True", "if_branch": []}),
        ("'steps.1.on_reject': must have enum", {"type": "approval", "id": "a", "name": "A", "message": "?", "on_reject": "x"}),
        ("'steps.1': must have type 'object'", 5),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(place: str, step: Any) -> None:
    found = violations({"name": "W", "steps": [step]}, SCHEMAS["workflow"])
    assert any(line.startswith(place) for line in found), found
    assert len(found) == len(set(found))


def test_many_violations_are_cut_and_no_depth_is_too_much() -> None:
    found = violations({"name": "W", "steps": [{}] * 100}, SCHEMAS["workflow"])
    assert len(found) == 20
    step: Any = TASK
    for _ in range(99):
        step = {"type": "conditional", "if_branch": step}
    assert isinstance(violations({"name": "W", "steps": [step]}, SCHEMAS["workflow"]), list)
    long = violations({"name": "W", "x" * 5000: 1, "steps": [5]}, SCHEMAS["workflow"])
    assert all(len(line) < 500 and "\n" not in line for line in long)
