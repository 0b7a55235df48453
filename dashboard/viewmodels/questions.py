"""What a run asks people, as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.viewmodels.definitions import Scopes
from dashboard.viewmodels.paths import turn_of
from dashboard.viewmodels.words import duration
from symphony_core.approval import Approval, ApprovalStatus


@dataclass(frozen=True)
class QuestionView:
    """A question that nobody has answered yet; `message` is empty where it is the text itself."""

    id: str
    run_id: str
    name: str
    turn: int | None
    message: str
    text: str
    until: str
    is_overdue: bool
    after_rejection: str


def questions_of(
    approvals: Sequence[Approval], definition: Mapping[str, Any] | None, now: datetime
) -> list[QuestionView]:
    """Return the open questions, the oldest first."""
    scopes = Scopes(definition)
    waiting = [each for each in approvals if each.status == ApprovalStatus.WAITING]
    return [
        QuestionView(
            id=asked.id,
            run_id=asked.run_id,
            name=asked.name,
            turn=turn_of(asked.path),
            message="" if asked.message == asked.text else asked.message,
            text=asked.text,
            until=_until(asked, now),
            is_overdue=asked.is_overdue(now),
            after_rejection=_after_rejection(scopes.step(asked.path)),
        )
        for asked in sorted(waiting, key=lambda asked: (asked.created_at, asked.path))
    ]


def outcome(asked: Approval) -> str | None:
    """Return how a question ended that somebody else saw to; None if it is still open."""
    if asked.status == ApprovalStatus.WAITING:
        return None
    if asked.status == ApprovalStatus.EXPIRED:
        return f"Nobody answered {asked.name!r} in time."
    return f"{asked.name!r} was {asked.status} meanwhile, by somebody else or in another tab."


def _until(asked: Approval, now: datetime) -> str:
    if asked.expires_at is None:
        return "The run waits for your answer as long as it takes."
    if asked.is_overdue(now):
        return "The time to answer is over."
    left = duration((asked.expires_at - now).total_seconds())
    return (
        f"The run waits for your answer until {asked.expires_at:%d %b %Y, %H:%M:%S} UTC "
        f"(another {left}); without one it fails."
    )


def _after_rejection(step: Mapping[str, Any]) -> str:
    if step.get("on_reject") == "continue":
        return "Rejected, the run goes on and knows of it."
    return "Rejected, the run ends as failed."
