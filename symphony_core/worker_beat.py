"""A worker's sign of life, so that everybody can see whether somebody will take up a run."""

from datetime import datetime, timedelta

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now

ALIVE_FOR = timedelta(seconds=6)


class WorkerBeat(Entity):
    """A worker that is there; it is believed dead when its last beat is older than `ALIVE_FOR`."""

    owner: str
    active_runs: int = 0
    started_at: UtcDatetime = Field(default_factory=utc_now)
    beat_at: UtcDatetime = Field(default_factory=utc_now)

    def is_alive(self, now: datetime) -> bool:
        """Whether the worker is to be believed alive."""
        return self.beat_at + ALIVE_FOR > now
