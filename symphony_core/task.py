"""One piece of work for one agent, and what came of it."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class TaskStatus(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Task(Entity):
    """What an agent is asked (`input_data["query"]`) and what it answered (`output_data["result"]`)."""

    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    status: TaskStatus = TaskStatus.PENDING
    input_data: dict[str, Any] = Field(default_factory=dict)
    output_data: dict[str, Any] = Field(default_factory=dict)
    error: str | None = None
    tags: list[str] = Field(default_factory=list)
    agent_id: str | None = None
    workflow_id: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: UtcDatetime = Field(default_factory=utc_now)
    started_at: UtcDatetime | None = None
    completed_at: UtcDatetime | None = None

    @property
    def query(self) -> str:
        """The question as text; empty if the task has none."""
        return str(self.input_data.get("query", ""))

    def mark_running(self, agent_id: str | None = None) -> None:
        """Note the start of an attempt; what an earlier attempt left is cleared."""
        self.agent_id = agent_id or self.agent_id
        self._set(
            status=TaskStatus.RUNNING,
            started_at=utc_now(),
            completed_at=None,
            output_data={},
            error=None,
        )

    def mark_completed(self, output: dict[str, Any]) -> None:
        """Note the answer."""
        self.output_data = output
        self._set(status=TaskStatus.COMPLETED, error=None, completed_at=utc_now())

    def mark_failed(self, error: str) -> None:
        """Note why there is no answer."""
        self.status, self.error = TaskStatus.FAILED, error
        self.completed_at = utc_now()

    def mark_cancelled(self) -> None:
        """Note that somebody stopped it."""
        self.status, self.error = TaskStatus.CANCELLED, None
        self.completed_at = utc_now()
