"""A workflow's document while it is edited: it may be wrong, and every branch is a list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from symphony_core.io.step_fields import BRANCHES, CHILDREN, FIELDS
from symphony_core.io.workflow_fields import FIELDS as WORKFLOW_FIELDS
from symphony_core.orchestration.workflow_definition import WorkflowDefinition

Document = Mapping[str, Any]
Step = Mapping[str, Any]


def lanes_of(step: Step) -> list[str]:
    """Return the names of the fields in which a step holds others."""
    return [name for name in CHILDREN if name in FIELDS.get(str(step.get("type")), {})]


def editable(definition: WorkflowDefinition) -> dict[str, Any]:
    """Return a workflow's document as it is edited."""
    data = definition.model_dump(mode="json", include={*WORKFLOW_FIELDS})
    return {**data, "steps": [opened(step) for step in data["steps"]]}


def closed(document: Document) -> dict[str, Any]:
    """Return an edited document as it is read: a branch of one step is that step."""
    return {**document, "steps": [_closed(step) for step in document.get("steps", ())]}


def every_step(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield edited steps and those inside them, parents first."""
    for step in steps:
        yield step
        for lane in lanes_of(step):
            yield from every_step(step.get(lane) or ())


def step_of(document: Document, step_id: str | None) -> Step | None:
    """Return the step with that id; None if there is none."""
    steps = every_step(document.get("steps") or ())
    return next((step for step in steps if step["id"] == step_id), None)


def opened(step: Step) -> dict[str, Any]:
    """Return a step as it is edited."""
    lanes = {name: [opened(inner) for inner in _listed(step.get(name))] for name in lanes_of(step)}
    return {**step, **lanes}


def _closed(step: Step) -> dict[str, Any]:
    lanes: dict[str, Any] = {}
    for name in lanes_of(step):
        inner = [_closed(one) for one in step.get(name) or ()]
        lanes[name] = inner[0] if name in BRANCHES and len(inner) == 1 else inner
    if lanes.get("else_branch") == []:
        lanes["else_branch"] = None
    return {**step, **lanes}


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, Mapping) else list(value or ())
