"""A run of a workflow: what was started, with which inputs, and how far it has come."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class RunPurpose(StrEnum):
    """What a run is for: its workflow, or only to try an agent or a step."""

    WORK = "work"
    TRY = "try"


class WorkflowStatus(StrEnum):
    """Where a run stands; a waiting one waits for a person's approval."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
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
WAITING_STATUSES = frozenset({WorkflowStatus.PAUSED, WorkflowStatus.WAITING})


class RunLimits(BaseModel):
    """What a run may use before it pauses and asks; None for no limit. `cost` is in US dollars.

    `seconds` is the time it may be running, waiting for people apart; a run that takes longer
    fails.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_calls: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    cost: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class Workflow(Entity):
    """A run, or a group of tasks that somebody tracks by hand.

    `definition` is the workflow's snapshot, so later changes of the definition do not touch the
    run, and `profiles` are the model profiles, by id, as they were when it began.
    `metadata["context"]` holds the context of a run that has ended. `cost` is in US dollars,
    None if a model's price is not known. `steps_total` is None where it depends on the run's way.
    `waits_for` says what a paused or waiting run waits for. `forked_from` is the run whose steps
    before the step `forked_at` this one took over.
    """

    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    status: WorkflowStatus = WorkflowStatus.PENDING
    definition: dict[str, Any] | None = None
    definition_id: str | None = None
    definition_version: int = 0
    template: str | None = None
    purpose: RunPurpose = RunPurpose.WORK
    inputs: dict[str, Any] = Field(default_factory=dict)
    model: str | None = None
    profiles: dict[str, dict[str, Any]] = Field(default_factory=dict)
    task_ids: list[str] = Field(default_factory=list)
    parent_workflow_id: str | None = None
    forked_from: str | None = None
    forked_at: str | None = None
    limits: RunLimits = Field(default_factory=RunLimits)
    waits_for: str | None = None
    tags: list[str] = Field(default_factory=list)
    metadata: dict[str, Any] = Field(default_factory=dict)
    error: str | None = None
    model_calls: int = 0
    active_seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    steps_done: int = 0
    steps_total: int | None = None
    created_at: UtcDatetime = Field(default_factory=utc_now)
    started_at: UtcDatetime | None = None
    completed_at: UtcDatetime | None = None

    def mark(self, status: WorkflowStatus, reason: str | None = None) -> None:
        """Change the status and what goes with it: times, a failure's error, what is waited for."""
        if status == WorkflowStatus.RUNNING:
            self.started_at = self.started_at or utc_now()
        self.completed_at = (self.completed_at or utc_now()) if status.is_final else None
        self.status = status
        self.error = reason if status == WorkflowStatus.FAILED else None
        self.waits_for = reason if status in WAITING_STATUSES else None

    def add_task(self, task_id: str) -> None:
        """Add a task; adding it again changes nothing."""
        if task_id not in self.task_ids:
            self.task_ids = [*self.task_ids, task_id]
