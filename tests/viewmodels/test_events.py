"""The log of a run, line by line."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.viewmodels.events import EventRow, event_rows
from symphony_core.run_event import RunEvent

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type", "path", "data", "what", "details"),
    [
        ("run_started", None, {}, "Run started", ""),
        ("step_started", "a#2/b", {"name": "B", "attempt": 1}, "Step started", ""),
        ("step_started", "b", {"name": "B", "attempt": 3}, "Step started", "attempt 3"),
        (
            "step_failed",
            "b",
            {"name": "B", "attempt": 1, "retry_in_s": 4.0, "error": "It is busy."},
            "Step failed",
            "again in 4.0 s · It is busy.",
        ),
        (
            "run_created",
            None,
            {"forked_from": "r1", "forked_at": None},
            "Run created",
            "forked from: r1",
        ),
    ],
)
def test_an_event_in_words(
    type: str, path: str | None, data: dict[str, Any], what: str, details: str
) -> None:
    event = RunEvent(run_id="r", number=7, type=type, path=path, data=data, at=NOW)
    assert event_rows([event]) == [EventRow(7, NOW, what, path or "", details)]
