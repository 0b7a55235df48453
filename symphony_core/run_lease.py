"""Who may run a run right now, and what a person has asked of it."""

from datetime import datetime

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime


class RunLease(Entity):
    """The right to run one run, under the run's id.

    `fence` counts the owners, so an owner that slept through a take-over can be told from the
    present one. Nobody owns a lease whose `expires_at` has passed.
    """

    owner: str
    fence: int = Field(default=1, ge=1)
    expires_at: UtcDatetime

    def is_held(self, now: datetime) -> bool:
        """Whether the owner is to be believed alive."""
        return self.expires_at > now


class RunRequest(Entity):
    """What was asked of a run, under the run's id; kept apart so that no write of the run loses it."""

    run_id: str
    cancel_at: UtcDatetime | None = None
