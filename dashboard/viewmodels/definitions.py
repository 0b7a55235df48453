"""What a page reads out of a run's own copy of its workflow."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.viewmodels.paths import around, node_of

Step = Mapping[str, Any]

BRANCHES = {"if_branch": "Yes", "else_branch": "No"}
INSIDE = ("steps", *BRANCHES)
"""The fields of a step that hold other steps."""
NESTED = "nested"
"""The type, as it is drawn, of a step with another workflow in it."""


def steps_by_id(definition: Mapping[str, Any] | None) -> dict[str, Step]:
    """Return every step, those inside others too, by its id; none of other workflows within."""
    return {str(step.get("id")): step for step in _own((definition or {}).get("steps"))}


class Scopes:
    """The steps of a run's workflow, and of the workflows within it, by where they are."""

    def __init__(self, definition: Mapping[str, Any] | None) -> None:
        self._steps = dict(nodes((definition or {}).get("steps")))
        self._workflows: dict[str, Step] = {"": definition or {}} | {
            node: step["definition"]
            for node, step in self._steps.items()
            if step.get("type") == NESTED
        }
        self._known = {scope: steps_by_id(kept) for scope, kept in self._workflows.items()}
        self._names = {
            scope: {id: str(step.get("name", "")) for id, step in known.items()}
            for scope, known in self._known.items()
        }

    def step(self, path: str) -> Step:
        """Return the step at a path of the run; an empty one if there is none."""
        return self._steps.get(node_of(path), {})

    def holders(self, path: str) -> list[str]:
        """Return the nodes of the workflows around a step, the outermost first."""
        return [place for place in around(node_of(path)) if place in self._workflows]

    def scope(self, path: str) -> str:
        """Return the node of the workflow that a step belongs to; empty for the run's own."""
        return next(reversed(self.holders(path)), "")

    def workflow(self, scope: str) -> Mapping[str, Any]:
        """Return the run's own workflow, or the one within it at this node."""
        return self._workflows[scope]

    def known(self, path: str) -> dict[str, Step]:
        """Return the steps that a step knows, by the ids it knows them by."""
        return self._known[self.scope(path)]

    def names(self, path: str) -> dict[str, str]:
        """Return the names of the steps that a step knows, by their ids."""
        return self._names[self.scope(path)]


def unfolded(step: Step) -> Step:
    """Return a step that keeps another workflow as one of type `nested` that holds its steps."""
    kept = step.get("definition")
    if not isinstance(kept, Mapping):
        return step
    return {**step, "type": NESTED, "steps": kept.get("steps", ())}


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
    for step in map(unfolded, as_steps(steps)):
        node = f"{around}/{step.get('id')}" if around else str(step.get("id"))
        yield node, step
        for name in INSIDE:
            yield from nodes(step.get(name), node)


def _own(steps: Step | Sequence[Step] | None) -> Iterator[Step]:
    for step in as_steps(steps):
        yield step
        for name in INSIDE:
            yield from _own(step.get(name))


def most_turns(step: Step) -> int:
    """Return how many turns a loop takes at most."""
    return int(step.get("max_iterations", 10))
