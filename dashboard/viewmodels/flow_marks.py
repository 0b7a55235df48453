"""How the steps of a run stand in the drawing of its workflow."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.viewmodels.flow_parts import Mark, Step, branch, node_of
from dashboard.viewmodels.flow_words import turns_of
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import duration

LIVE = ("running", "retrying")
BRANCHES = ("if_branch", "else_branch")


def marks_of(definition: Mapping[str, Any], steps: Iterable[StepView]) -> dict[str, Mark]:
    """Return how each node stands, by its id; those that nothing is to be said of are not there.

    A step in a loop stands as in its newest turn.
    """
    marks = _Marks(steps)
    marks.add(branch(definition.get("steps")), [""])
    return marks.found


class _Marks:
    def __init__(self, steps: Iterable[StepView]) -> None:
        self.found: dict[str, Mark] = {}
        self._views = {step.path: step for step in steps}
        self._turns: dict[str, int] = {}
        for path in self._views:
            for turn in re.finditer(r"#(\d+)/", path):
                loop = path[: turn.start()]
                self._turns[loop] = max(self._turns.get(loop, 0), int(turn[1]))

    def add(self, steps: Sequence[Step], places: Sequence[str]) -> None:
        """Mark steps that lie in one of these paths, the newest first."""
        for step in steps:
            paths = [f"{place}{step.get('id')}" for place in places]
            view = next((self._views[path] for path in paths if path in self._views), None)
            if view is None:
                continue
            self.found[node_of(view.path)] = self._mark(step, view)
            if step.get("type") == "conditional":
                self._add_branches(step, view)
            else:
                self.add(branch(step.get("steps")), self._inside(step, view.path))

    def _inside(self, step: Step, path: str) -> list[str]:
        """Return the paths that a step's own steps may lie in."""
        if step.get("type") != "loop":
            return [f"{path}/"]
        return [f"{path}#{turn}/" for turn in range(self._turns.get(path, 0), 0, -1)]

    def _add_branches(self, step: Step, view: StepView) -> None:
        ways = [branch(step.get(name)) for name in BRANCHES]
        begun = [any(f"{view.path}/{s.get('id')}" in self._views for s in way) for way in ways]
        for way, has_begun in zip(ways, begun, strict=True):
            if has_begun:
                self.add(way, [f"{view.path}/"])
            elif any(begun) or view.status == "completed":
                self._skip(way, node_of(view.path))

    def _skip(self, steps: Sequence[Step], parent: str) -> None:
        for step in steps:
            node = f"{parent}/{step.get('id')}"
            self.found[node] = Mark("skipped", "", is_live=False)
            for name in ("steps", *BRANCHES):
                self._skip(branch(step.get(name)), node)

    def _mark(self, step: Step, view: StepView) -> Mark:
        said = [*self._progress(step, view)]
        if view.taken_over:
            said.append("taken over")
        elif view.duration_s is not None:
            said.append(duration(view.duration_s))
        return Mark(view.status, " · ".join(said), view.status in LIVE)

    def _progress(self, step: Step, view: StepView) -> Iterable[str]:
        if step.get("type") == "loop":
            turn = self._turns.get(view.path, 0)
            yield f"turn {turn} of {turns_of(step)}" if turn else "no turn yet"
        elif step.get("type") == "parallel":
            lanes = [f"{view.path}/{inner.get('id')}" for inner in branch(step.get("steps"))]
            done = sum(p in self._views and self._views[p].status == "completed" for p in lanes)
            yield f"{done} of {len(lanes)} done"
        elif view.turn is not None:
            yield f"turn {view.turn}"
