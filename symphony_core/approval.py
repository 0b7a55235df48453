"""A question to a person that a run waits for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class ApprovalStatus(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # its run was over before anybody answered


@dataclass(frozen=True)
class Question:
    """What a step wants to know from a person, who has `timeout_s` seconds for it."""

    name: str
    message: str
    text: str
    timeout_s: float | None = None


class Approval(Entity):
    """What a person is asked at one step of a run, and the answer; its id is the step's row's.

    `text` is what is to be approved; whoever edits it changes what later steps get.
    """

    run_id: str
    path: str
    name: str
    message: str = ""
    text: str = ""
    status: ApprovalStatus = ApprovalStatus.WAITING
    note: str = ""
    created_at: UtcDatetime = Field(default_factory=utc_now)
    expires_at: UtcDatetime | None = None
    decided_at: UtcDatetime | None = None

    def decide(
        self, status: ApprovalStatus, now: datetime, *, text: str | None = None, note: str = ""
    ) -> None:
        """Note the answer."""
        self.status, self.note, self.decided_at = status, note, now
        if text is not None:
            self.text = text

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time is over and nobody has answered."""
        waiting = self.status == ApprovalStatus.WAITING
        return waiting and self.expires_at is not None and self.expires_at <= now
