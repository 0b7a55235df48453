"""An owner's sign of life: it tells whether the runs it has are really being run."""

from datetime import datetime, timedelta

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now

ALIVE_FOR = timedelta(seconds=5)


class WorkerBeat(Entity):
    """A process that runs runs; `takes_runs` for a worker, which takes up whatever is pending.

    It is shown as dead when its last beat is older than `ALIVE_FOR`. Its runs are taken from it
    only when it was seen not to beat, for clocks may jump.
    """

    stores_plain = True
    is_fleeting = True

    owner: str
    takes_runs: bool = True
    active_runs: int = 0
    started_at: UtcDatetime = Field(default_factory=utc_now)
    beat_at: UtcDatetime = Field(default_factory=utc_now)

    def is_alive(self, now: datetime) -> bool:
        """Whether the owner is to be believed alive."""
        return self.beat_at + ALIVE_FOR > now
