"""One step of one run, under its path: the journal's entry and what the dashboard shows."""

import hashlib
from enum import StrEnum
from typing import Any

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class StepStatus(StrEnum):
    """Where a step of a run stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepRun(Entity):
    """What a step was told, by whom it was answered, and what it left in the run's context.

    `output` is the answer's text; while the step runs, what has been written so far. `result` is
    what the step returned, `changes` the context keys it set, its children's among them.
    `started_at` is the latest attempt's; `routing` says why the agent was chosen.
    """

    run_id: str
    path: str
    step_id: str
    name: str
    type: str
    status: StepStatus = StepStatus.RUNNING
    attempt: int = 1
    task_id: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    routing: dict[str, Any] | None = None
    model: str | None = None
    instructions: str = ""
    prompt: str = ""
    output: str = ""
    result: dict[str, Any] = Field(default_factory=dict)
    changes: dict[str, Any] = Field(default_factory=dict)
    error: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    started_at: UtcDatetime = Field(default_factory=utc_now)
    completed_at: UtcDatetime | None = None

    def begin_again(self) -> None:
        """Start the next attempt; what the one before left is cleared."""
        self.attempt += 1
        self.status, self.error = StepStatus.RUNNING, None
        self.started_at, self.completed_at = utc_now(), None
        self.output, self.result, self.changes = "", {}, {}

    def finish(self, status: StepStatus, error: str | None = None) -> None:
        """Note how the step ended."""
        self.status, self.error, self.completed_at = status, error, utc_now()


def step_run_id(run_id: str, path: str) -> str:
    """Return the one id a path has in a run, so that it cannot be stored twice."""
    digest = hashlib.sha256(path.encode()).hexdigest()[:24]
    return f"{run_id[:36]}-{digest}"
