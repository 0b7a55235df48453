"""What the steps of a drawn workflow are doing in a run of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.viewmodels.definitions import (
    BRANCHES,
    NESTED,
    Step,
    as_steps,
    most_turns,
    nodes,
    unfolded,
)
from dashboard.viewmodels.paths import loops_around, node_of, turns_of
from dashboard.viewmodels.runs import ENDED
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import count, duration

LIVE = ("running", "retrying")
TIMED = ("running", "completed", "failed", "cancelled")
TAKEN_OVER = "taken over"


@dataclass(frozen=True)
class Mark:
    """What stands on a step; `status` is a key of the theme's table."""

    status: str
    detail: str
    is_live: bool


def marks_of(
    definition: Mapping[str, Any], steps: Sequence[StepView], run_status: str
) -> dict[str, Mark]:
    """Return a mark for each step that was started, in its latest turn, or that was skipped.

    A step is skipped where the other way was taken and it was never started.
    """
    run = _Run(steps, run_status in ENDED)
    return dict(run.marks(as_steps(definition.get("steps")), ""))


class _Run:
    """The steps of a run, found by their node and by their path."""

    def __init__(self, steps: Sequence[StepView], is_over: bool) -> None:
        self._latest: dict[str, StepView] = {}
        self._by_path = {step.path: step for step in steps}
        self._turns: dict[str, int] = {}
        self._is_over = is_over
        for step in steps:
            node = node_of(step.path)
            known = self._latest.get(node)
            if known is None or turns_of(step.path) >= turns_of(known.path):
                self._latest[node] = step
            for loop, turn in loops_around(step.path):
                self._turns[loop] = max(turn, self._turns.get(loop, 0))

    def marks(self, steps: Sequence[Step], within: str) -> Iterator[tuple[str, Mark]]:
        for step in map(unfolded, steps):
            node = f"{within}{step['id']}"
            view = self._latest.get(node)
            if view is not None:
                is_live = view.status in LIVE and not self._is_over
                yield node, Mark(view.status, self._detail(step, view), is_live)
            if step.get("type") == "conditional":
                yield from self._ways(step, view, node)
            elif step.get("type") in ("parallel", "loop", NESTED):
                yield from self.marks(as_steps(step.get("steps")), f"{node}/")

    def _ways(self, step: Step, view: StepView | None, node: str) -> Iterator[tuple[str, Mark]]:
        taken = self._taken(step, view) if view else None
        for name in BRANCHES:
            inside = as_steps(step.get(name))
            if taken is not None and name != taken:
                yield from self._skipped(inside, node)
            else:
                yield from self.marks(inside, f"{node}/")

    def _skipped(self, steps: Sequence[Step], choice: str) -> Iterator[tuple[str, Mark]]:
        """Yield marks for a way not taken; in an earlier turn of a loop it may have been."""
        marks = dict(self.marks(steps, f"{choice}/"))
        for node, _ in nodes(steps, choice):
            yield node, marks.get(node, Mark("skipped", "", False))

    def _taken(self, step: Step, view: StepView) -> str | None:
        """Return which of its ways a choice took; None as long as it has not."""
        first = {name: as_steps(step.get(name))[:1] for name in BRANCHES}
        for name, begin in first.items():
            if begin and f"{view.path}/{begin[0]['id']}" in self._by_path:
                return name
        empty = [name for name, begin in first.items() if not begin]
        return empty[0] if view.status == "completed" and len(empty) == 1 else None

    def _detail(self, step: Step, view: StepView) -> str:
        turn = f"turn {view.turn}" if view.turn is not None else ""
        words = TAKEN_OVER if view.taken_over else self._facts(step, view)
        return ", ".join(filter(None, [turn, words]))

    def _facts(self, step: Step, view: StepView) -> str:
        kind = step.get("type")
        if kind == "loop" and view.path in self._turns:
            return self._turns_in_words(step, view)
        if kind == "parallel" and view.status != "completed":
            return self._done_in_words(step, view)
        if kind == "conditional":
            return BRANCHES.get(self._taken(step, view) or "", "")
        if view.retry_in_s is not None:
            return f"in {duration(view.retry_in_s)}"
        return duration(view.duration_s) if view.status in TIMED else ""

    def _turns_in_words(self, step: Step, view: StepView) -> str:
        turn = self._turns[view.path]
        if view.status == "completed":
            return count(turn, "turn")
        return f"turn {turn} of {most_turns(step)}"

    def _done_in_words(self, step: Step, view: StepView) -> str:
        inside = as_steps(step.get("steps"))
        lanes = [self._by_path.get(f"{view.path}/{lane['id']}") for lane in inside]
        done = sum(lane is not None and lane.status == "completed" for lane in lanes)
        return f"{done} of {len(lanes)} done"
