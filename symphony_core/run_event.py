"""What happened in a run, in order: the log a person can read and nobody changes."""

from typing import Any

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now

STEP_STARTED = "step_started"


class RunEvent(Entity):
    """One change; `number` counts from 1 within its run."""

    stores_plain = True

    run_id: str
    number: int = Field(ge=1)
    type: str
    path: str | None = None
    data: dict[str, Any] = Field(default_factory=dict)
    at: UtcDatetime = Field(default_factory=utc_now)
