"""Who may run a run right now, and what a person has asked of it."""

from typing import Any

from pydantic import Field, model_validator

from symphony_core.entity import Entity, UtcDatetime


class RunLease(Entity):
    """The right to run one run, under the run's id.

    It is written only when it changes hands, so its version tells whether its owner still has it;
    that the owner lives is told by its `WorkerBeat`. `fence` counts the owners. Nobody owns a
    lease without `owner`.
    """

    stores_plain = True

    owner: str | None
    fence: int = Field(default=1, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _without_expiry(cls, data: Any) -> Any:
        """Leases of the first version carried the moment they expired at."""
        if isinstance(data, dict) and "expires_at" in data:
            return {name: value for name, value in data.items() if name != "expires_at"}
        return data


class RunRequest(Entity):
    """What was asked of a run, under the run's id; kept apart so that no write of the run loses it."""

    run_id: str
    cancel_at: UtcDatetime | None = None
    pause_at: UtcDatetime | None = None
