"""The figures of the home page, counted over runs that are not samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from symphony_core.runtime import samples
from symphony_core.workflow import WorkflowStatus

DAYS = 7
FIELDS = ("created_at", "status", "input_tokens", "output_tokens", "cost", "tags")

Facts = Mapping[str, Any]
"""The `FIELDS` of one run."""


@dataclass(frozen=True)
class Figures:
    """Today's figures, and one value a day for the last seven days, the oldest first.

    A rate is None where nothing has ended; `cost` is None where a price is not known.
    """

    days: tuple[date, ...]
    runs: int
    runs_a_day: tuple[int, ...]
    success_rate: float | None
    success_a_day: tuple[float | None, ...]
    tokens: int
    tokens_a_day: tuple[int, ...]
    cost: float | None
    cost_a_day: tuple[float, ...]


def figures_of(runs: Sequence[Facts], now: datetime) -> Figures:
    """Count the runs by the UTC day they were created on."""
    days = tuple(now.date() - timedelta(days=DAYS - 1 - i) for i in range(DAYS))
    by_day: dict[date, list[Facts]] = {day: [] for day in days}
    for run in runs:
        day = run["created_at"].date()
        if samples.TAG not in run["tags"] and day in by_day:
            by_day[day].append(run)
    groups = list(by_day.values())
    today = groups[-1]
    unknown = any(run["cost"] is None for run in today)
    return Figures(
        days=days,
        runs=len(today),
        runs_a_day=tuple(len(group) for group in groups),
        success_rate=_success(today),
        success_a_day=tuple(_success(group) for group in groups),
        tokens=_tokens(today),
        tokens_a_day=tuple(_tokens(group) for group in groups),
        cost=None if unknown else _cost(today),
        cost_a_day=tuple(_cost(group) for group in groups),
    )


def _success(runs: Sequence[Facts]) -> float | None:
    completed = sum(run["status"] == WorkflowStatus.COMPLETED for run in runs)
    failed = sum(run["status"] == WorkflowStatus.FAILED for run in runs)
    return completed / (completed + failed) if completed + failed else None


def _tokens(runs: Sequence[Facts]) -> int:
    return sum(run["input_tokens"] + run["output_tokens"] for run in runs)


def _cost(runs: Sequence[Facts]) -> float:
    return sum(run["cost"] or 0.0 for run in runs)
