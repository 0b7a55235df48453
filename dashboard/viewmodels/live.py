"""Runs that are not over, as the home page shows them: what each is doing right now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.viewmodels.paths import turn_of
from dashboard.viewmodels.runs import RunRow
from dashboard.viewmodels.steps import GROUP_TYPES
from dashboard.viewmodels.words import count
from symphony_core.workflow import Workflow

FIELDS = ("run_id", "path", "name", "type", "agent_name", "started_at")
MOST_NAMED = 2

Facts = Mapping[str, Any]
"""The `FIELDS` of one step that is under way."""


@dataclass(frozen=True)
class LiveRun:
    """A run that is not over; `share` is how much of it is done, None where that is not known."""

    row: RunRow
    doing: str
    share: float | None

    @property
    def asks(self) -> bool:
        """Whether it waits for a person's answer."""
        return self.row.status == "waiting"


def live_run(row: RunRow, run: Workflow, steps: Sequence[Facts]) -> LiveRun:
    """Return a run with what it is doing; `steps` are those of it that are under way."""
    share = min(row.steps_done / row.steps_total, 1.0) if row.steps_total else None
    return LiveRun(row, _doing(row, run, steps), share)


def by_need(runs: Sequence[LiveRun]) -> list[LiveRun]:
    """Return the runs with those first that wait for somebody."""
    return sorted(runs, key=lambda run: not run.asks)


def _doing(row: RunRow, run: Workflow, steps: Sequence[Facts]) -> str:
    if row.status == "pending":
        return "Waits for its turn."
    if row.status == "interrupted":
        return "The worker that ran it is gone; the next one goes on with it."
    if run.waits_for:
        return run.waits_for
    inside = sorted((s for s in steps if s["type"] not in GROUP_TYPES), key=_began)
    named = [_named(step) for step in inside[:MOST_NAMED]]
    if len(inside) > MOST_NAMED:
        named.append(f"{count(len(inside) - MOST_NAMED, 'more step')} side by side")
    return " · ".join(named) or "Between two steps."


def _began(step: Facts) -> Any:
    return step["started_at"], step["path"]


def _named(step: Facts) -> str:
    turn = turn_of(step["path"])
    name = f"{step['name']}, turn {turn}" if turn is not None else str(step["name"])
    return f"{name} ({step['agent_name']})" if step["agent_name"] else name
