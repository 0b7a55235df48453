"""A run of a workflow: what was started, with which inputs, and how far it has come."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class WorkflowStatus(StrEnum):
    """Where a run stands."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether the run has ended for good."""
        return self in FINAL_STATUSES


FINAL_STATUSES = frozenset(
    {WorkflowStatus.COMPLETED, WorkflowStatus.FAILED, WorkflowStatus.CANCELLED}
)


class Workflow(Entity):
    """A run, or a group of tasks that somebody tracks by hand.

    `definition` is the workflow's snapshot, so later changes of the definition do not touch the
    run; `metadata["context"]` holds the context of a run that has ended. `cost` is in US dollars,
    None if a model's price is not known. `steps_total` is None where it depends on the run's way.
    """

    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    status: WorkflowStatus = WorkflowStatus.PENDING
    definition: dict[str, Any] | None = None
    definition_id: str | None = None
    definition_version: int = 0
    template: str | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    model: str | None = None
    task_ids: list[str] = Field(default_factory=list)
    parent_workflow_id: str | None = None
    tags: list[str] = Field(default_factory=list)
    metadata: dict[str, Any] = Field(default_factory=dict)
    error: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    steps_done: int = 0
    steps_total: int | None = None
    created_at: UtcDatetime = Field(default_factory=utc_now)
    started_at: UtcDatetime | None = None
    completed_at: UtcDatetime | None = None

    def mark(self, status: WorkflowStatus, error: str | None = None) -> None:
        """Change the status and the times that go with it; `error` is kept only for a failure."""
        if status == WorkflowStatus.RUNNING:
            self.started_at = self.started_at or utc_now()
        self.completed_at = (self.completed_at or utc_now()) if status.is_final else None
        self.status = status
        self.error = error if status == WorkflowStatus.FAILED else None

    def add_task(self, task_id: str) -> None:
        """Add a task; adding it again changes nothing."""
        if task_id not in self.task_ids:
            self.task_ids = [*self.task_ids, task_id]
