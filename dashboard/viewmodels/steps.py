"""The steps of a run as its page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dashboard.viewmodels.definitions import NESTED, Scopes, Step
from dashboard.viewmodels.paths import turn_of
from dashboard.viewmodels.routing import ScoreView, scores_of
from dashboard.viewmodels.tool_uses import ToolUseView, tool_use_views
from dashboard.viewmodels.words import count
from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.step_run import StepAttempt, StepRun, StepStatus

GROUP_TYPES = ("parallel", "loop", "conditional", "workflow")


@dataclass(frozen=True)
class AttemptView:
    """An attempt before the latest one."""

    number: int
    error: str | None
    started_at: datetime
    duration_s: float | None


@dataclass(frozen=True)
class StepView:
    """A step of a run; `status` is a key of the theme's table.

    `turn` is the iteration of the innermost loop around it, `message` and `decision` are what a
    person was asked and how they answered. `version_before` is the path of the step whose text
    this one's is a new version of, `within` names the steps whose workflow it is part of, and
    `workflow_id` is of the workflow that it runs itself.
    """

    path: str
    step_id: str
    name: str
    type: str
    status: str
    turn: int | None
    depth: int
    attempt: int
    attempts: tuple[AttemptView, ...]
    retry_in_s: float | None
    taken_over: bool
    agent: str | None
    agent_version: int | None
    model: str | None
    remark: str | None
    why: str | None
    scores: tuple[ScoreView, ...]
    instructions: str
    prompt: str
    equipment: str
    tool_uses: tuple[ToolUseView, ...]
    message: str
    output: str
    decision: str | None
    error: str | None
    tokens_in: int
    tokens_out: int
    cost: float | None
    started_at: datetime
    duration_s: float | None
    note: str | None
    version_before: str | None
    within: str
    workflow_id: str | None

    @property
    def is_group(self) -> bool:
        """Whether it only holds other steps."""
        return self.type in GROUP_TYPES

    @property
    def label(self) -> str:
        """Its name, with the workflow and the turn that tell it from others of that name."""
        name = f"{self.within} · {self.name}" if self.within else self.name
        return name if self.turn is None else f"{name} · turn {self.turn}"

    @property
    def tool_called(self) -> str | None:
        """The tool whose answer it waits for."""
        return next((use.tool for use in self.tool_uses if use.is_running), None)


@dataclass(frozen=True)
class Around:
    """What a step's view depends on besides the step: its run's shown status, and the time.

    `remarks` gives each model's label and remark by its name, `approvals` the run's questions by
    their path, `versions` the paths of versions before by path, `scopes` are its workflow's.
    """

    status: str
    now: datetime
    remarks: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    scopes: Scopes = field(default_factory=lambda: Scopes(None))


def step_view(record: StepRun, around: Around) -> StepView:
    """Return a step."""
    label, remark = around.remarks.get(record.model or "", (record.model, None))
    asked = around.approvals.get(record.path)
    status = _shown_status(record, around)
    holders = around.scopes.holders(record.path)
    defined = around.scopes.step(record.path)
    return StepView(
        path=record.path,
        step_id=record.step_id,
        name=record.name,
        type=record.type,
        status=status,
        turn=turn_of(record.path),
        depth=record.path.count("/"),
        attempt=record.attempt,
        attempts=tuple(map(_attempt, record.attempts)),
        retry_in_s=_seconds_to_retry(record, around.now) if status == "retrying" else None,
        taken_over=record.taken_over,
        agent=record.agent_name,
        agent_version=record.agent_version,
        model=label,
        remark=remark,
        why=(record.routing or {}).get("reason"),
        scores=scores_of(record.routing, record.agent_name),
        instructions=record.instructions,
        prompt=record.prompt,
        equipment=record.equipment,
        tool_uses=tool_use_views(record, is_running=status == StepStatus.RUNNING),
        message=asked.message if asked and asked.message != asked.text else "",
        output=record.output or (asked.text if asked else ""),
        decision=_decision(record, asked),
        error=record.error,
        tokens_in=record.input_tokens,
        tokens_out=record.output_tokens,
        cost=record.cost,
        started_at=record.started_at,
        duration_s=_duration(record, around.now),
        note=_note(record) or _workflow_in_words(defined),
        version_before=around.versions.get(record.path),
        within=" · ".join(str(around.scopes.step(place).get("name", "")) for place in holders),
        workflow_id=defined.get("workflow_id"),
    )


def _shown_status(record: StepRun, around: Around) -> str:
    """Return the status that is true right now; what is stored may wait for a worker to go on."""
    waits_to_retry = record.status == StepStatus.FAILED and record.retry_at is not None
    if around.status == "interrupted" and (record.status == StepStatus.RUNNING or waits_to_retry):
        return "interrupted"
    if around.status == "running" and waits_to_retry:
        return "retrying"
    is_answered = record.status == StepStatus.WAITING and not _has_question(record, around)
    if is_answered or (record.status == StepStatus.PAUSED and around.status == "pending"):
        return "pending"
    return str(record.status)


def _has_question(record: StepRun, around: Around) -> bool:
    """Whether this step, or one inside it, asks something that nobody has answered."""
    inside = (f"{record.path}/", f"{record.path}#")
    return any(
        asked.status == ApprovalStatus.WAITING and (path == record.path or path.startswith(inside))
        for path, asked in around.approvals.items()
    )


def _attempt(attempt: StepAttempt) -> AttemptView:
    ended = attempt.completed_at
    seconds = (ended - attempt.started_at).total_seconds() if ended else None
    return AttemptView(attempt.number, attempt.error, attempt.started_at, seconds)


def _seconds_to_retry(record: StepRun, now: datetime) -> float | None:
    return max((record.retry_at - now).total_seconds(), 0.0) if record.retry_at else None


def _duration(record: StepRun, now: datetime) -> float | None:
    """Return how long it took, or takes so far; None for one that stands still."""
    if record.status == StepStatus.PAUSED:
        return None
    return ((record.completed_at or now) - record.started_at).total_seconds()


DECISIONS = {
    ApprovalStatus.APPROVED: "Approved",
    ApprovalStatus.EDITED: "Approved with changes",
    ApprovalStatus.REJECTED: "Rejected",
    ApprovalStatus.EXPIRED: "Not answered in time",
}


def _decision(record: StepRun, asked: Approval | None) -> str | None:
    """Return how a person answered; one that another run asked is known by its result alone."""
    if record.type != "approval":
        return None
    status = asked.status if asked else record.result.get("decision")
    word = DECISIONS.get(status) if status else None
    note = asked.note if asked else record.result.get("note")
    return f"{word}: {note}" if word and note else word


def _workflow_in_words(step: Step) -> str | None:
    if step.get("type") != NESTED:
        return None
    name, version = step["definition"].get("name", ""), step.get("definition_version")
    return f"Runs the workflow “{name}”" + (f", version {version}." if version else ".")


def _note(record: StepRun) -> str | None:
    result = record.result
    if "branch_taken" in result:
        holds = "held" if result.get("condition_result") else "did not hold"
        way = {"if": "took the Yes branch", "else": "took the No branch", "none": "nothing to do"}
        return f"The condition {holds}: {way[result['branch_taken']]}."
    if "total_iterations" in result:
        why = "its exit condition held" if result.get("converged") else "it reached its limit"
        return f"Ended after {count(result['total_iterations'], 'turn')}: {why}."
    return None
