"""What a page reads out of a run's own copy of its workflow."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Step = Mapping[str, Any]

BRANCHES = {"if_branch": "Yes", "else_branch": "No"}
INSIDE = ("steps", *BRANCHES)
"""The fields of a step that hold other steps."""


def steps_by_id(definition: Mapping[str, Any] | None) -> dict[str, Step]:
    """Return every step, those inside others too, by its id."""
    return {str(step.get("id")): step for _, step in nodes((definition or {}).get("steps"))}


def prompt_template(step: Step | None) -> str | None:
    """Return a task's question with its `{{…}}` not filled; None for other steps."""
    if step is None or step.get("type") != "task":
        return None
    query = ((step.get("task_template") or {}).get("input_data") or {}).get("query", "")
    return query if isinstance(query, str) else None


def as_steps(value: Step | Sequence[Step] | None) -> Sequence[Step]:
    """Return the steps of a group or a branch, which may be one, several or none."""
    return [value] if isinstance(value, Mapping) else value or ()


def nodes(
    steps: Step | Sequence[Step] | None, around: str | None = None
) -> Iterator[tuple[str, Step]]:
    """Yield every step, those inside others too, with its node; `around` is theirs, if any."""
    for step in as_steps(steps):
        node = f"{around}/{step.get('id')}" if around else str(step.get("id"))
        yield node, step
        for name in INSIDE:
            yield from nodes(step.get(name), node)


def most_turns(step: Step) -> int:
    """Return how many turns a loop takes at most."""
    return int(step.get("max_iterations", 10))
