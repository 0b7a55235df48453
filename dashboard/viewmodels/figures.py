"""The figures of the home page, counted over runs that are not samples.

Tries are no runs, but what they took was taken: they count in tokens and cost alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from symphony_core.runtime import samples
from symphony_core.workflow import RunPurpose, WorkflowStatus

DAYS = 7
FIELDS = ("created_at", "status", "input_tokens", "output_tokens", "cost", "tags", "purpose")

Facts = Mapping[str, Any]
"""The `FIELDS` of one run."""


@dataclass(frozen=True)
class Day:
    """What was run on one day, or on several.

    `success` is None where nothing has ended, `cost` where the price of a run or a try is not
    known.
    """

    runs: int
    tries: int
    success: float | None
    tokens: int
    cost: float | None


@dataclass(frozen=True)
class Figures:
    """The figures of the last seven days, each by itself and all together; today is the last."""

    dates: tuple[date, ...]
    days: tuple[Day, ...]
    week: Day

    @property
    def today(self) -> Day:
        """The figures since midnight UTC."""
        return self.days[-1]


def figures_of(runs: Sequence[Facts], now: datetime) -> Figures:
    """Count the runs by the UTC day they were created on."""
    dates = tuple(now.date() - timedelta(days=DAYS - 1 - i) for i in range(DAYS))
    by_date: dict[date, list[Facts]] = {day: [] for day in dates}
    for run in runs:
        day = run["created_at"].date()
        if samples.TAG not in run["tags"] and day in by_date:
            by_date[day].append(run)
    groups = list(by_date.values())
    days = tuple(_day(group) for group in groups)
    return Figures(dates, days, _day([run for group in groups for run in group]))


def _day(taken: Sequence[Facts]) -> Day:
    runs = [run for run in taken if run["purpose"] != RunPurpose.TRY]
    costs = [run["cost"] for run in taken]
    return Day(
        runs=len(runs),
        tries=len(taken) - len(runs),
        success=_success(runs),
        tokens=sum(run["input_tokens"] + run["output_tokens"] for run in taken),
        cost=None if None in costs else sum(costs, 0.0),
    )


def _success(runs: Sequence[Facts]) -> float | None:
    completed = sum(run["status"] == WorkflowStatus.COMPLETED for run in runs)
    failed = sum(run["status"] == WorkflowStatus.FAILED for run in runs)
    return completed / (completed + failed) if completed + failed else None
