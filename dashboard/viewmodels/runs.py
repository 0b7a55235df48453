"""Runs and their steps as the pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.viewmodels.words import cut
from symphony_core.runtime import samples
from symphony_core.step_run import StepRun, StepStatus
from symphony_core.workflow import Workflow, WorkflowStatus

GROUP_TYPES = ("parallel", "loop", "conditional")


@dataclass(frozen=True)
class RunRow:
    """A run in a list; `status` is a key of the theme's table."""

    id: str
    name: str
    status: str
    template: str | None
    subject: str
    created_at: datetime
    duration_s: float | None
    steps_done: int
    steps_total: int | None
    tokens: int
    cost: float | None
    is_sample: bool

    @property
    def is_live(self) -> bool:
        """Whether it may still change by itself."""
        return self.status in ("pending", "running", "interrupted")

    @property
    def steps(self) -> str:
        """How far it has come: `2 of 3`, or `2` where the end cannot be known."""
        return (
            str(self.steps_done)
            if not self.steps_total
            else f"{self.steps_done} of {self.steps_total}"
        )


@dataclass(frozen=True)
class StepView:
    """A step of a run. `turn` is the iteration of the innermost loop around it."""

    path: str
    name: str
    type: str
    status: str
    turn: int | None
    depth: int
    attempt: int
    agent: str | None
    model: str | None
    remark: str | None
    why: str | None
    scores: tuple[Mapping[str, Any], ...]
    instructions: str
    prompt: str
    output: str
    error: str | None
    tokens_in: int
    tokens_out: int
    cost: float | None
    started_at: datetime
    duration_s: float
    note: str | None

    @property
    def is_group(self) -> bool:
        """Whether it only holds other steps."""
        return self.type in GROUP_TYPES


@dataclass(frozen=True)
class RunView:
    """One run with everything its page shows."""

    row: RunRow
    description: str
    inputs: Mapping[str, Any]
    error: str | None
    result: str | None
    definition: Mapping[str, Any] | None
    steps: list[StepView] = field(default_factory=list)
    records: list[StepRun] = field(default_factory=list)


def shown_status(run: Workflow, is_held: bool) -> str:
    """Return the status that is true right now: nothing is running that nobody runs."""
    if run.status == WorkflowStatus.RUNNING and run.definition is not None and not is_held:
        return "interrupted"
    return str(run.status)


def run_row(run: Workflow, is_held: bool, now: datetime) -> RunRow:
    """Return a run as a row."""
    end = run.completed_at or now
    return RunRow(
        id=run.id,
        name=run.name,
        status=shown_status(run, is_held),
        template=run.template,
        subject=cut(" · ".join(str(value) for value in run.inputs.values()), 120),
        created_at=run.created_at,
        duration_s=(end - run.started_at).total_seconds() if run.started_at else None,
        steps_done=run.steps_done,
        steps_total=run.steps_total,
        tokens=run.input_tokens + run.output_tokens,
        cost=run.cost,
        is_sample=samples.TAG in run.tags,
    )


def run_view(
    run: Workflow,
    records: Sequence[StepRun],
    is_held: bool,
    now: datetime,
    remarks: Mapping[str, tuple[str, str | None]],
) -> RunView:
    """Return a run with its steps; `remarks` gives each model's label and remark by its name."""
    row = run_row(run, is_held, now)
    in_order = sorted(records, key=lambda record: (record.started_at, record.path))
    interrupted = row.status == "interrupted"
    return RunView(
        row=row,
        description=run.description,
        inputs=run.inputs,
        error=run.error,
        result=_result(run, in_order),
        definition=run.definition,
        steps=[_step_view(record, interrupted, now, remarks) for record in in_order],
        records=in_order,
    )


def _result(run: Workflow, records: Sequence[StepRun]) -> str | None:
    if run.status != WorkflowStatus.COMPLETED or not (run.definition or {}).get("steps"):
        return None
    last = run.definition["steps"][-1]["id"] if run.definition else None
    return next((record.output for record in records if record.path == last), None)


def _step_view(
    record: StepRun,
    interrupted: bool,
    now: datetime,
    remarks: Mapping[str, tuple[str, str | None]],
) -> StepView:
    label, remark = remarks.get(record.model or "", (record.model, None))
    running = record.status == StepStatus.RUNNING
    return StepView(
        path=record.path,
        name=record.name,
        type=record.type,
        status="interrupted" if interrupted and running else str(record.status),
        turn=_turn(record.path),
        depth=record.path.count("/"),
        attempt=record.attempt,
        agent=record.agent_name,
        model=label,
        remark=remark,
        why=(record.routing or {}).get("reason"),
        scores=tuple((record.routing or {}).get("scores", ())),
        instructions=record.instructions,
        prompt=record.prompt,
        output=record.output,
        error=record.error,
        tokens_in=record.input_tokens,
        tokens_out=record.output_tokens,
        cost=record.cost,
        started_at=record.started_at,
        duration_s=((record.completed_at or now) - record.started_at).total_seconds(),
        note=_note(record),
    )


def _turn(path: str) -> int | None:
    _, sign, rest = path.rpartition("#")
    return int(rest.partition("/")[0]) if sign else None


def _note(record: StepRun) -> str | None:
    result = record.result
    if "branch_taken" in result:
        holds = "held" if result.get("condition_result") else "did not hold"
        way = {"if": "took the Yes branch", "else": "took the No branch", "none": "nothing to do"}
        return f"The condition {holds}: {way[result['branch_taken']]}."
    if "total_iterations" in result:
        turns = result["total_iterations"]
        why = "its exit condition held" if result.get("converged") else "it reached its limit"
        return f"Ended after {turns} turn{'s' if turns != 1 else ''}: {why}."
    return None
