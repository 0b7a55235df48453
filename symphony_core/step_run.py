"""One step of one run, under its path: the journal's entry and what the dashboard shows."""

import hashlib
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class StepStatus(StrEnum):
    """Where a step of a run stands; a waiting one waits for a person."""

    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepAttempt(BaseModel):
    """An attempt that was not the last one, why it did not succeed, and what it took."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    status: StepStatus
    error: str | None = None
    started_at: UtcDatetime
    completed_at: UtcDatetime | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0


class ToolUse(BaseModel):
    """A tool that was called in a step; without `seconds` it has not answered yet.

    `said` is what the model wrote before its calls. Long texts are cut, with a mark that says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    tool: str
    arguments: str
    said: str = ""
    answer: str = ""
    failed: bool = False
    started_at: UtcDatetime = Field(default_factory=utc_now)
    seconds: float | None = None


class StepRun(Entity):
    """What a step was told, by whom it was answered, and what it left in the run's context.

    `output` is the answer's text; while the step runs, what has been written so far. `result` is
    what the step returned and `changes` the context keys it set, without what is the output once
    more: `returned` and `left` give them whole. `started_at` is the latest attempt's, `attempts` are those before it,
    and `retry_at` is when the next one begins. `routing` says why the agent was chosen,
    `agent_version` is the number of the saved version that answered.
    `taken_over` is of a step that another run did. `rhythm` tells how the text grew: pairs of
    milliseconds since the attempt's start and characters written by then. `equipment` says which
    tools the agent had, `tool_uses` are the latest attempt's.
    """

    stores_plain = True

    run_id: str
    path: str
    step_id: str
    name: str
    type: str
    status: StepStatus = StepStatus.RUNNING
    attempt: int = 1
    attempts: list[StepAttempt] = Field(default_factory=list)
    retry_at: UtcDatetime | None = None
    taken_over: bool = False
    task_id: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    agent_version: int | None = None
    routing: dict[str, Any] | None = None
    model: str | None = None
    instructions: str = ""
    prompt: str = ""
    equipment: str = ""
    tool_uses: list[ToolUse] = Field(default_factory=list)
    output: str = ""
    rhythm: list[tuple[int, int]] = Field(default_factory=list)
    result: dict[str, Any] = Field(default_factory=dict)
    changes: dict[str, Any] = Field(default_factory=dict)
    output_keys: list[str] = Field(default_factory=list)
    returns_output: bool = False
    error: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    started_at: UtcDatetime = Field(default_factory=utc_now)
    completed_at: UtcDatetime | None = None

    @property
    def left(self) -> dict[str, Any]:
        """What the step left in the context."""
        return {**self.changes, **dict.fromkeys(self.output_keys, self.output)}

    @property
    def returned(self) -> dict[str, Any]:
        """What the step returned."""
        return {"result": self.output, **self.result} if self.returns_output else self.result

    def ask(
        self,
        *,
        task_id: str,
        agent_id: str,
        agent_name: str,
        agent_version: int | None,
        model: str,
        instructions: str,
        prompt: str,
    ) -> None:
        """Note who is about to be asked, and what."""
        self._set(
            task_id=task_id,
            agent_id=agent_id,
            agent_name=agent_name,
            agent_version=agent_version,
            model=model,
            instructions=instructions,
            prompt=prompt,
            equipment="",
            tool_uses=[],
        )

    def write(self, output: str, rhythm: list[tuple[int, int]]) -> None:
        """Note the text that is there so far, and how it grew."""
        self._set(output=output, rhythm=rhythm)

    def keep(self, output: str, result: dict[str, Any], changes: dict[str, Any]) -> None:
        """Keep what the step came to."""
        self._set(
            output=output,
            returns_output=result.get("result") == output,
            result={k: v for k, v in result.items() if k != "result" or v != output},
            output_keys=[key for key, value in changes.items() if value == output],
            changes={key: value for key, value in changes.items() if value != output},
        )

    def begin_again(self) -> None:
        """Start the next attempt; what the one before left is cleared."""
        before = StepAttempt(
            number=self.attempt,
            status=self.status,
            error=self.error,
            started_at=self.started_at,
            completed_at=self.completed_at,
            input_tokens=self.input_tokens - sum(each.input_tokens for each in self.attempts),
            output_tokens=self.output_tokens - sum(each.output_tokens for each in self.attempts),
            cost=self._cost_so_far(),
        )
        self.attempts = [*self.attempts, before]
        self.attempt += 1
        self.go_on()
        self.started_at = utc_now()
        self.rhythm, self.tool_uses = [], []
        self.keep("", {}, {})

    def _cost_so_far(self) -> float | None:
        """What the present attempt cost; None if nobody knows."""
        costs = [each.cost for each in self.attempts]
        if self.cost is None or None in costs:
            return None
        return max(0.0, self.cost - sum(cost or 0.0 for cost in costs))

    def go_on(self) -> None:
        """Run again after a wait that was no attempt's end; a pause does not count as its time."""
        if self.status == StepStatus.PAUSED:
            self.started_at = utc_now()
        self.status, self.error = StepStatus.RUNNING, None
        self.completed_at, self.retry_at = None, None

    def finish(self, status: StepStatus, error: str | None = None) -> None:
        """Note how the step ended, or why it waits."""
        ended_at = None if status in WAITING_STATUSES else utc_now()
        self._set(status=status, error=error, retry_at=None, completed_at=ended_at)


WAITING_STATUSES = frozenset({StepStatus.WAITING, StepStatus.PAUSED})


def step_run_id(run_id: str, path: str) -> str:
    """Return the one id a path has in a run, so that it cannot be stored twice."""
    digest = hashlib.sha256(path.encode()).hexdigest()[:24]
    return f"{run_id[:36]}-{digest}"
