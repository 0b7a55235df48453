"""The figures of the home page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.viewmodels.figures import Day, figures_of

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


def run(days_ago: int = 0, status: str = "completed", **fields: Any) -> dict[str, Any]:
    facts = {"input_tokens": 10, "output_tokens": 5, "cost": 0.5, "tags": [], "purpose": "work"}
    return {"created_at": NOW - timedelta(days=days_ago), "status": status} | facts | fields


def test_runs_are_counted_by_day_the_oldest_first() -> None:
    figures = figures_of([run(), run(status="failed"), run(6), run(7)], NOW)
    assert [day.runs for day in figures.days] == [1, 0, 0, 0, 0, 0, 2]
    assert [day.success for day in figures.days] == [1.0, None, None, None, None, None, 0.5]
    assert figures.today == Day(runs=2, tries=0, success=0.5, tokens=30, cost=1.0)
    assert figures.dates[-1] == NOW.date()


def test_the_week_counts_all_its_runs_and_is_no_mean_of_days() -> None:
    runs = [run(), run(1, status="failed"), run(1), run(1), run(8)]
    assert figures_of(runs, NOW).week == Day(runs=4, tries=0, success=0.75, tokens=60, cost=2.0)


def test_a_day_without_runs_is_zero_and_has_no_rate() -> None:
    assert figures_of([], NOW).today == Day(runs=0, tries=0, success=None, tokens=0, cost=0.0)


def test_samples_and_what_has_not_ended_do_not_change_the_rate() -> None:
    today = figures_of([run(status="running"), run(tags=["sample"])], NOW).today
    assert (today.runs, today.success) == (1, None)


def test_a_try_is_no_run_but_costs_what_it_costs() -> None:
    figures = figures_of([run(), run(status="failed", purpose="try"), run(1, purpose="try")], NOW)
    assert figures.today == Day(runs=1, tries=1, success=1.0, tokens=30, cost=1.0)
    assert figures.days[-2] == Day(runs=0, tries=1, success=None, tokens=15, cost=0.5)
    assert figures_of([run(purpose="try", cost=None)], NOW).week.cost is None


def test_one_unknown_price_makes_the_cost_of_its_day_and_week_unknown() -> None:
    figures = figures_of([run(), run(2, cost=None)], NOW)
    assert [day.cost for day in figures.days] == [0.0, 0.0, 0.0, 0.0, None, 0.0, 0.5]
    assert figures.week.cost is None
