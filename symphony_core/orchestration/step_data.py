"""Steps as plain data, in a definition that need not be loaded."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LANES = ("steps", "if_branch", "else_branch")
"""The fields in which steps hold others."""

StepData = Mapping[str, Any]


def as_steps(value: Any) -> Sequence[StepData]:
    """Return the steps of a lane, which may be one, several or none."""
    if isinstance(value, Mapping):
        return [value]
    return [step for step in value if "type" in step] if isinstance(value, list | tuple) else ()


def inside(step: StepData) -> Iterator[StepData]:
    """Yield the steps right inside a step, those of a workflow that is kept in it too."""
    for lane in LANES:
        yield from as_steps(step.get(lane))
    yield from as_steps((step.get("definition") or {}).get("steps"))


def step_at(definition: Mapping[str, Any], path: str) -> StepData | None:
    """Return the step that is at a path of a run; None if there is none."""
    found: StepData | None = definition
    for segment in path.split("/"):
        step_id = segment.partition("#")[0]
        found = next((s for s in inside(found or {}) if s.get("id") == step_id), None)
    return found
