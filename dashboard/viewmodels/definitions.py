"""What a page reads out of a run's own copy of its workflow."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Step = Mapping[str, Any]


def steps_by_id(definition: Mapping[str, Any] | None) -> dict[str, Step]:
    """Return every step, those inside others too, by its id."""
    return {str(step.get("id")): step for step in _walk((definition or {}).get("steps"))}


def prompt_template(step: Step | None) -> str | None:
    """Return a task's question with its `{{…}}` not filled; None for other steps."""
    if step is None or step.get("type") != "task":
        return None
    query = ((step.get("task_template") or {}).get("input_data") or {}).get("query", "")
    return query if isinstance(query, str) else None


def as_steps(value: Step | Sequence[Step] | None) -> Sequence[Step]:
    """Return the steps of a group or a branch, which may be one, several or none."""
    return [value] if isinstance(value, Mapping) else value or ()


def _walk(steps: Step | Sequence[Step] | None) -> Iterator[Step]:
    for step in as_steps(steps):
        yield step
        for name in ("steps", "if_branch", "else_branch"):
            yield from _walk(step.get(name))
