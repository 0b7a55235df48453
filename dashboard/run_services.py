"""What a page may ask for about runs, and ask of them; see `services` for everything else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard import store
from dashboard.bridge import wait_for
from dashboard.viewmodels.forks import ForkForm, fork_form, taken_over_in_words
from dashboard.viewmodels.limits import check_room
from dashboard.viewmodels.questions import outcome
from dashboard.viewmodels.runs import Facts, Remarks, RunRow, RunView, is_left, run_row, run_view
from symphony_core.approval import ApprovalStatus
from symphony_core.errors import NotPossible
from symphony_core.ids import is_id, utc_now
from symphony_core.models import catalog
from symphony_core.orchestration.control import RunControl
from symphony_core.orchestration.forking import forked
from symphony_core.orchestration.leases import Leases
from symphony_core.orchestration.templates import get_template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.runtime import samples
from symphony_core.runtime.retention import delete_runs
from symphony_core.workflow import RunLimits, RunPurpose, Workflow, WorkflowStatus

PAGE_SIZE = 15
NO_TRIES = {"purpose": RunPurpose.WORK}


# --- what there is


def now() -> datetime:
    """Return the moment that everything shown refers to."""
    return utc_now()


def find_runs(
    status: str | None = None,
    search: str | None = None,
    page: int = 1,
    *,
    with_tries: bool = False,
) -> tuple[list[RunRow], int]:
    """Return a page of runs, the newest first, and how many pages there are."""
    runs, leases = store.repository("workflow"), store.engine().leases
    filter = {**({"status": status} if status else {}), **({} if with_tries else NO_TRIES)}
    wanted = search or None

    async def find() -> tuple[list[RunRow], int]:
        total = await runs.count(filter, search=wanted)
        start = (page - 1) * PAGE_SIZE
        found = await runs.find_page(filter, limit=PAGE_SIZE, offset=start, search=wanted)
        return await read_rows(found, leases), max(1, -(-total // PAGE_SIZE))

    return wait_for(find())


def view_run(run_id: str) -> RunView | None:
    """Return a run as it stands; None if there is none."""
    facts = facts_of(run_id)
    return None if facts is None else run_view(facts, utc_now(), remarks_of(facts))


def facts_of(run_id: str) -> Facts | None:
    """Return what is stored of a run; None if there is none."""
    snapshot = wait_for(store.snapshots().read(run_id)) if is_id(run_id) else None
    if snapshot is None:
        return None
    steps = list(snapshot.steps.values())
    return Facts(snapshot.run, steps, snapshot.is_held, snapshot.request, snapshot.approvals)


def remarks_of(facts: Facts) -> Remarks:
    """Return the label and remark of each model that a run has asked."""
    return {name: _label(name) for name in {step.model for step in facts.records if step.model}}


def find_row(run_id: str) -> RunRow | None:
    """Return a run as a row; None if there is none any more."""
    run: Workflow | None = wait_for(store.repository("workflow").find_by_id(run_id))
    return None if run is None else rows_of([run])[0]


def rows_of(runs: Sequence[Workflow]) -> list[RunRow]:
    """Return runs as rows."""
    return wait_for(read_rows(runs, store.engine().leases))


async def read_rows(runs: Sequence[Workflow], leases: Leases) -> list[RunRow]:
    """Return runs as rows, to whoever is in the core's loop already."""
    now = utc_now()
    live = [run.id for run in runs if run.status == WorkflowStatus.RUNNING]
    held = await leases.held(live) if live else set()
    # Left by its owner, or ended between the two looks.
    left = [run.id for run in runs if is_left(run, run.id in held)]
    found = await store.repository("workflow").find_all({"id": left}) if left else []
    latest = {run.id: run for run in [*runs, *found]}
    return [run_row(latest[run.id], run.id in held, now) for run in runs]


def last_values(workflow_id: str) -> tuple[Mapping[str, Any], datetime] | None:
    """Return what a workflow's last completed run left in its context, and when it was made."""
    runs = store.repository("workflow")
    wanted = {"definition_id": workflow_id, "status": "completed"}
    found: list[Workflow] = wait_for(runs.find_page(wanted, limit=1))
    context = found[0].metadata.get("context") if found else None
    return (context, found[0].created_at) if context else None


def worker_count() -> int:
    """Return how many workers are there to take up runs."""
    now = utc_now()
    beats = wait_for(store.repository("worker_beat").find_all())
    return sum(beat.takes_runs and beat.is_alive(now) for beat in beats)


# --- runs begin and are removed


def start_template(
    key: str,
    inputs: Mapping[str, Any],
    *,
    agents: Mapping[str, str | None] | None = None,
    options: Mapping[str, Any] | None = None,
    limits: RunLimits | None = None,
) -> str:
    """Start a run of a template, and return its id once it is stored."""
    definition = get_template(key).build(agents, options)
    return start(definition, inputs, key, limits)


def start(
    definition: WorkflowDefinition,
    inputs: Mapping[str, Any],
    template: str | None = None,
    limits: RunLimits | None = None,
    purpose: RunPurpose = RunPurpose.WORK,
) -> str:
    """Start a run of a workflow, with those in it as they are now, and return the run's id."""
    engine = store.engine()
    whole = wait_for(engine.pinned(definition))
    run = engine.new_run(whole, inputs, template=template, purpose=purpose, limits=limits)
    wait_for(engine.start_run(run))
    return run.id


def run_again(run_id: str) -> str:
    """Start the same workflow with the same inputs and limits as a new run, and return its id."""
    run = wait_for(_control().find(run_id))
    definition = WorkflowDefinition.model_validate(run.definition)
    return start(definition, run.inputs, run.template, run.limits, run.purpose)


def delete_run(run_id: str) -> None:
    """Delete a run that has ended, with its steps and events."""
    run = wait_for(_control().find(run_id))
    if not run.status.is_final:
        raise NotPossible(f"The run {run.name!r} is not over yet: cancel it first.")
    wait_for(delete_runs(store.registry(), [run_id]))


def remove_samples() -> None:
    """Delete the sample runs; `add_samples` brings the same ones back."""
    wait_for(samples.remove_samples(store.registry()))


def add_samples() -> None:
    """Store the sample runs."""
    wait_for(samples.add_samples(store.registry()))


# --- what is asked of a run under way


def cancel_run(run_id: str) -> None:
    """Ask a run to stop."""
    with store.snapshots().changing():
        wait_for(_control().cancel(run_id))


def pause_run(run_id: str) -> None:
    """Ask a run to begin no further step."""
    with store.snapshots().changing():
        wait_for(_control().pause(run_id))


def resume_run(run_id: str, limits: RunLimits | None = None) -> None:
    """Let a paused run go on, or take back a pause that has not come yet."""
    if limits is not None:
        check_room(wait_for(_control().find(run_id)), limits)
    with store.snapshots().changing():
        wait_for(_control().resume(run_id, limits=limits))


def approve(question_id: str, note: str = "", text: str | None = None) -> None:
    """Approve what a run asks about, with another text if one is given."""
    asked = wait_for(store.repository("approval").find_by_id(question_id))
    is_changed = asked is not None and text is not None and text != asked.text
    status = ApprovalStatus.EDITED if is_changed else ApprovalStatus.APPROVED
    _answer(question_id, status, note, text if is_changed else None)


def reject(question_id: str, note: str = "") -> None:
    """Reject what a run asks about."""
    _answer(question_id, ApprovalStatus.REJECTED, note)


def outcome_of(question_id: str) -> str | None:
    """Return how a question was answered, in a sentence; None if it was not."""
    asked = wait_for(store.repository("approval").find_by_id(question_id))
    return None if asked is None else outcome(asked)


# --- runs out of other runs


def retry_run(run_id: str) -> str:
    """Start a new run that goes on where a run failed or was cancelled, and return its id."""
    return wait_for(_control().fork(run_id)).id


def form_to_fork(run: RunView) -> ForkForm:
    """Return what can be changed when a run is run again from one of its steps."""
    return fork_form(run.steps, run.definition or {}, run.inputs)


def preview_fork(run_id: str, at: str) -> str:
    """Return what running a run again from a step will do, in a sentence."""
    run = wait_for(_control().find(run_id))
    steps = wait_for(store.repository("step_run").find_all({"run_id": run_id}))
    _, taken_over = forked(run, steps, at=at, inputs=None, prompt=None)
    return taken_over_in_words(taken_over)


def run_from(
    run_id: str, at: str, *, inputs: Mapping[str, Any] | None = None, prompt: str | None = None
) -> str:
    """Start a new run that begins at a step of another, and return its id."""
    return wait_for(_control().fork(run_id, at=at, inputs=inputs, prompt=prompt)).id


# --- how it is done


def _control() -> RunControl:
    return store.engine().control


def _answer(question_id: str, status: ApprovalStatus, note: str, text: str | None = None) -> None:
    with store.snapshots().changing():
        wait_for(_control().answer(question_id, status, text=text, note=note.strip()))


def _label(name: str) -> tuple[str, str | None]:
    info = catalog.describe(name)
    return info.label, info.remark
