"""What happened in a run, line by line, as its page lists it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.viewmodels.words import cut, duration
from symphony_core.run_event import RunEvent

SHOWN_ELSEWHERE = ("name", "type", "attempt")
LONGEST = 300  # letters of what a tool was asked, or answered


@dataclass(frozen=True)
class EventRow:
    """One event; `path` is empty where it concerns the whole run."""

    number: int
    at: datetime
    what: str
    path: str
    details: str


def event_rows(events: Sequence[RunEvent]) -> list[EventRow]:
    """Return events as lines."""
    return [
        EventRow(
            number=event.number,
            at=event.at,
            what=event.type.replace("_", " ").capitalize(),
            path=event.path or "",
            details=_details(event.data),
        )
        for event in events
    ]


def _details(data: Mapping[str, Any]) -> str:
    told = [f"attempt {data['attempt']}"] if data.get("attempt", 1) > 1 else []
    for name, value in data.items():
        if name == "retry_in_s":
            told.append(f"again in {duration(value)}")
        elif name == "error":
            told.append(str(value))
        elif name == "seconds":
            told.append(duration(value))
        elif name not in SHOWN_ELSEWHERE and value is not None:
            told.append(f"{name.replace('_', ' ')}: {cut(str(value), LONGEST)}")
    return " · ".join(told)
