"""Runs and their steps as the pages show them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.viewmodels.definitions import Scopes
from dashboard.viewmodels.limits import raised, used_in_words
from dashboard.viewmodels.paths import turn_of
from dashboard.viewmodels.questions import QuestionView, questions_of
from dashboard.viewmodels.revisions import versions_before
from dashboard.viewmodels.steps import Around, StepView, step_view
from dashboard.viewmodels.words import as_text, count, cut
from symphony_core.approval import Approval
from symphony_core.orchestration.gate import PAUSED
from symphony_core.run_lease import RunRequest
from symphony_core.runtime import samples
from symphony_core.step_run import StepRun
from symphony_core.workflow import RunLimits, RunPurpose, Workflow, WorkflowStatus

Remarks = Mapping[str, tuple[str, str | None]]

ENDED = ("completed", "failed", "cancelled")


@dataclass(frozen=True)
class RunRow:
    """A run in a list; `status` is a key of the theme's table, `kind` a word for the unusual."""

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
    kind: str

    @property
    def is_live(self) -> bool:
        """Whether it may still change by itself."""
        return self.status in ("pending", "running", "interrupted")

    @property
    def is_over(self) -> bool:
        """Whether it has ended for good."""
        return self.status in ENDED

    @property
    def steps(self) -> str:
        """How far it has come: `2 of 3 steps`, or `2 steps` where the end cannot be known."""
        if not self.steps_total:
            return count(self.steps_done, "step")
        return f"{self.steps_done} of {count(self.steps_total, 'step')}"


@dataclass(frozen=True)
class Facts:
    """What is stored of a run, and whether somebody runs it."""

    run: Workflow
    records: Sequence[StepRun] = ()
    is_held: bool = False
    request: RunRequest | None = None
    approvals: Sequence[Approval] = ()


@dataclass(frozen=True)
class RunView:
    """One run with everything its page shows.

    `is_pausing` and `is_cancelling` tell what was asked for and has not come yet. `raised_limits`
    is there where it has reached its limits: what they could be raised to.
    """

    row: RunRow
    description: str
    inputs: Mapping[str, Any]
    error: str | None
    result: str | None
    definition: Mapping[str, Any] | None
    waits_for: str | None
    is_pausing: bool
    is_cancelling: bool
    limits: RunLimits
    used: list[str]
    model_calls: int
    raised_limits: RunLimits | None
    running_s: float | None
    definition_id: str | None
    definition_version: int
    forked_from: str | None
    forked_at: str | None
    questions: list[QuestionView] = field(default_factory=list)
    steps: list[StepView] = field(default_factory=list)
    records: list[StepRun] = field(default_factory=list)

    @property
    def stance(self) -> Hashable:
        """What decides which buttons and fields stand around the run."""
        asked = tuple((question.id, question.is_overdue) for question in self.questions)
        return self.row.status, self.is_pausing, self.is_cancelling, asked

    @property
    def model_remarks(self) -> list[str]:
        """What is to be known of the models that wrote the run's texts."""
        said = {(step.model, step.remark) for step in self.steps if step.model and step.remark}
        return sorted(f"{model}: {remark}" for model, remark in said)


def is_left(run: Workflow, is_held: bool) -> bool:
    """Whether a run is stored as running, and nobody runs it."""
    return run.status == WorkflowStatus.RUNNING and run.definition is not None and not is_held


def _shown_status(run: Workflow, is_held: bool) -> str:
    """Return the status that is true right now: nothing is running that nobody runs."""
    return "interrupted" if is_left(run, is_held) else str(run.status)


def run_row(run: Workflow, is_held: bool, now: datetime) -> RunRow:
    """Return a run as a row."""
    end = run.completed_at or now
    return RunRow(
        id=run.id,
        name=run.name,
        status=_shown_status(run, is_held),
        template=run.template,
        subject=cut(" · ".join(as_text(value) for value in run.inputs.values()), 120),
        created_at=run.created_at,
        duration_s=(end - run.started_at).total_seconds() if run.started_at else None,
        steps_done=run.steps_done,
        steps_total=run.steps_total,
        tokens=run.input_tokens + run.output_tokens,
        cost=run.cost,
        kind=_kind(run),
    )


def _kind(run: Workflow) -> str:
    if samples.TAG in run.tags:
        return "Sample"
    return "Try" if run.purpose == RunPurpose.TRY else ""


def run_view(facts: Facts, now: datetime, remarks: Remarks) -> RunView:
    """Return a run with its steps; `remarks` gives each model's label and remark by its name."""
    run, request = facts.run, facts.request
    row = run_row(run, facts.is_held, now)
    records = sorted(facts.records, key=_first_start)
    approvals = {asked.path: asked for asked in facts.approvals}
    versions = versions_before(run.definition, records)
    around = Around(row.status, now, remarks, approvals, versions, Scopes(run.definition))
    steps = [step_view(record, around) for record in records]
    is_running = row.status in ("running", "interrupted")
    return RunView(
        row=row,
        description=run.description,
        inputs=run.inputs,
        error=run.error,
        result=_result(run, records),
        definition=run.definition,
        waits_for=run.waits_for,
        is_pausing=is_running and request is not None and request.pause_at is not None,
        is_cancelling=is_running and request is not None and request.cancel_at is not None,
        limits=run.limits,
        used=used_in_words(run),
        model_calls=run.model_calls,
        raised_limits=raised(run) if _is_at_limit(run) else None,
        running_s=None if is_running else run.active_seconds or None,
        definition_id=run.definition_id,
        definition_version=run.definition_version,
        forked_from=run.forked_from,
        forked_at=_forked_at(run),
        questions=[] if row.is_over else questions_of(facts.approvals, run.definition, now),
        steps=steps,
        records=records,
    )


def _first_start(record: StepRun) -> tuple[datetime, str]:
    """Return what orders the steps; one that is tried again keeps its place."""
    first = record.attempts[0] if record.attempts else record
    return first.started_at, record.path


def _is_at_limit(run: Workflow) -> bool:
    return run.status == WorkflowStatus.PAUSED and run.waits_for not in (None, PAUSED)


def _forked_at(run: Workflow) -> str | None:
    """Return the step that a run was run again from, as people call it."""
    if run.forked_at is None:
        return None
    step = Scopes(run.definition).step(run.forked_at)
    turn = turn_of(run.forked_at)
    return str(step.get("name", "")) + (f" · turn {turn}" if turn is not None else "")


def _result(run: Workflow, records: Sequence[StepRun]) -> str | None:
    if run.status != WorkflowStatus.COMPLETED or not (run.definition or {}).get("steps"):
        return None
    last = run.definition["steps"][-1]["id"] if run.definition else None
    return next((record.output for record in records if record.path == last), None)
