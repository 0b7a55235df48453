"""The figures of the home page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.viewmodels.figures import figures_of

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


def run(days_ago: int = 0, status: str = "completed", **fields: Any) -> dict[str, Any]:
    facts = {"input_tokens": 10, "output_tokens": 5, "cost": 0.5, "tags": []}
    return {"created_at": NOW - timedelta(days=days_ago), "status": status} | facts | fields


def test_runs_are_counted_by_day_the_oldest_first() -> None:
    figures = figures_of([run(), run(status="failed"), run(6), run(7)], NOW)
    assert figures.runs == 2
    assert figures.runs_a_day == (1, 0, 0, 0, 0, 0, 2)
    assert figures.success_rate == 0.5
    assert figures.success_a_day == (1.0, None, None, None, None, None, 0.5)
    assert figures.tokens == 30
    assert figures.cost == 1.0


def test_samples_and_what_has_not_ended_do_not_change_the_rate() -> None:
    figures = figures_of([run(status="running"), run(tags=["sample"])], NOW)
    assert figures.runs == 1
    assert figures.success_rate is None


def test_one_unknown_price_makes_the_days_cost_unknown() -> None:
    assert figures_of([run(), run(cost=None)], NOW).cost is None
