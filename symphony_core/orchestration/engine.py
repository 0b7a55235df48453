"""Starts runs of workflow definitions, and runs them to their end or until they have to wait."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from symphony_core.agents.model_profiles import PINNED, Pinned
from symphony_core.errors import (
    EntityNotFound,
    LeaseLost,
    NotStorable,
    StepFailed,
    SymphonyError,
)
from symphony_core.ids import Clock, utc_now
from symphony_core.orchestration.checking import check_definition
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.control import RunControl
from symphony_core.orchestration.gate import RunGate
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.leases import Leases
from symphony_core.orchestration.pinning import check_pinned, pinned
from symphony_core.orchestration.plain_data import plain
from symphony_core.orchestration.questions import Questions
from symphony_core.orchestration.runner import JournaledRunner
from symphony_core.orchestration.step import StepResult, load_step
from symphony_core.orchestration.suspension import ProgramStopped, RunSuspended
from symphony_core.orchestration.watch import Stop, WatchedRun, Watches
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, task_count
from symphony_core.outcomes import describe
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunLease
from symphony_core.workflow import WAITING_STATUSES, RunLimits, RunPurpose, Workflow, WorkflowStatus


class WorkflowEngine:
    """Runs workflows out of the registry's repositories, in the caller's event loop.

    A run belongs to whoever holds its lease; everybody else may only ask things of it, through
    `control`.
    """

    def __init__(
        self, registry: ServiceRegistry, *, owner: str | None = None, clock: Clock = utc_now
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._watches = Watches(registry)
        self.leases = Leases(registry, owner, clock)
        self.control = RunControl(registry, self.leases, clock)

    async def execute_workflow(
        self,
        definition: WorkflowDefinition,
        initial_context: Mapping[str, Any] | None = None,
        *,
        model: str | None = None,
        limits: RunLimits | None = None,
    ) -> Workflow:
        """Start a run and run it here; a failed step is its status, no exception.

        It returns when the run has ended, or has to wait for somebody.

        Raises:
            DefinitionError: the definition cannot run with these inputs.
        """
        whole = await self.pinned(definition)
        run = self.new_run(whole, initial_context, model=model, limits=limits)
        return await self.execute_run(run)

    async def execute_workflow_by_id(
        self, definition_id: str, initial_context: Mapping[str, Any] | None = None
    ) -> Workflow:
        """Execute a stored definition.

        Raises:
            EntityNotFound: no such definition.
        """
        definition = await self._registry.get_repository("workflow_definition").find_by_id(
            definition_id
        )
        if definition is None:
            raise EntityNotFound("workflow definition", definition_id)
        return await self.execute_workflow(definition, initial_context)

    async def pinned(self, definition: WorkflowDefinition) -> WorkflowDefinition:
        """Return a workflow with those that its steps name in them, as they are stored now.

        Raises:
            DefinitionError: one is not there, they hold each other, or they are too many in all.
        """
        return await pinned(definition, self._registry.get_repository("workflow_definition"))

    def new_run(
        self,
        definition: WorkflowDefinition,
        inputs: Mapping[str, Any] | None = None,
        *,
        model: str | None = None,
        template: str | None = None,
        purpose: RunPurpose = RunPurpose.WORK,
        limits: RunLimits | None = None,
    ) -> Workflow:
        """Make a run, not stored yet, with a snapshot of the definition, which must be `pinned`.

        Raises:
            DefinitionError: the definition cannot run with these inputs.
        """
        values = definition.fill_inputs(inputs)
        steps = check_definition(definition, values.keys())
        check_pinned(steps)
        return Workflow(
            name=definition.name,
            description=definition.description,
            definition=definition.to_dict(),
            definition_id=definition.id,
            definition_version=definition.saved_number,
            template=template,
            inputs=values,
            model=model,
            purpose=purpose,
            limits=limits or RunLimits(),
            steps_total=task_count(steps),
        )

    async def start_run(self, run: Workflow) -> None:
        """Store a new run, with the model it will have, for a worker to take up."""
        run.model = await self._model_of(run)
        await self.control.store_new(run)

    async def execute_run(self, run: Workflow) -> Workflow:
        """Store a new run and run it here."""
        await self._keep_models(run)
        async with self._alive():
            lease = self.leases.new(run.id)  # stored with the run, so that no worker takes it first
            journal = Journal(self._registry, run, lease)
            journal.note_run("run_created")
            journal.note_handover()
            return await self._run(journal)

    async def run_workflow(self, run_id: str, *, even_paused: bool = True) -> Workflow:
        """Run a stored run here from where it stands, also one that is paused unless told not to.

        Raises:
            EntityNotFound: no such run.
            LeaseLost: somebody else runs it.
        """
        run = await self.control.find(run_id)
        if run.status.is_final:
            return run
        async with self._alive():
            lease = await self.leases.acquire_patiently(run_id)
            if lease is None:
                raise LeaseLost(f"Another worker runs the run {run_id!r} already.")
            return await self._take_up(run_id, lease, even_paused)

    async def cancel_workflow(self, run_id: str) -> Workflow:
        """Ask a run to stop; see `RunControl.cancel`."""
        return await self.control.cancel(run_id)

    @asynccontextmanager
    async def _alive(self) -> AsyncIterator[None]:
        heartbeat = self.leases.heartbeat
        await heartbeat.start()
        try:
            yield
        finally:
            await asyncio.shield(heartbeat.stop())

    async def _take_up(self, run_id: str, lease: RunLease, even_paused: bool) -> Workflow:
        try:
            run = await self.control.find(run_id)
            is_paused = run.status in WAITING_STATUSES
            if run.status.is_final or (is_paused and not even_paused):  # it was not when found
                await self.leases.release(lease)
                return run
            if even_paused:
                await self.control.forget_pause(run_id)
            journal = await Journal.open(self._registry, run, lease)
            await journal.note_dead_tasks()
            if run.started_at is None:
                await self._keep_models(run)
        except BaseException:
            self.leases.forget(run_id)
            raise
        return await self._run(journal)

    async def _keep_models(self, run: Workflow) -> None:
        """Have the run keep its models as they are when it begins."""
        run.model = await self._model_of(run)
        run.profiles = await self._registry.get_model_profiles().in_use(run.model)

    async def _model_of(self, run: Workflow) -> str:
        return run.model or await self._registry.get_model_profiles().default_name()

    async def _run(self, journal: Journal) -> Workflow:
        run = journal.run
        resumed = run.started_at is not None
        run.mark(WorkflowStatus.RUNNING)
        journal.note_run("run_resumed" if resumed else "run_started")
        watched = WatchedRun(journal, RunGate(run))
        watched.hear(journal.request)  # what was asked while nobody ran it
        self._watches.here().add(watched)
        try:
            await self._walk(watched)
        except SymphonyError as error:
            journal.abandon(error)
            if isinstance(error, NotStorable):
                return await self._give_up(run, error)
            raise
        finally:
            await asyncio.shield(self._watches.here().remove(watched))
            self.leases.forget(run.id)
        if run.status == WorkflowStatus.WAITING:
            await self.control.wake([run.id])  # the answer may have come just before
        return run

    async def _give_up(self, run: Workflow, error: NotStorable) -> Workflow:
        """End a run that came to something which no store keeps, in place of leaving it running."""
        self.leases.forget(run.id)
        try:
            await self.control.fail(run.id, str(error))
        except EntityNotFound:  # not even its beginning could be stored
            raise error from None
        return await self.control.find(run.id)

    async def _walk(self, watched: WatchedRun) -> None:
        run, journal = watched.journal.run, watched.journal
        approvals = self._registry.get_repository("approval")
        questions = Questions(journal, watched.gate, approvals, self._clock)
        runner = JournaledRunner(journal, watched.gate, questions)
        context = WorkflowContext(
            run.id, run.inputs, self._registry, runner=runner, model=run.model
        )
        try:
            result = await watched.over(_steps_of(run, context))
            status = WorkflowStatus.COMPLETED if result.success else WorkflowStatus.FAILED
            run.mark(status, result.error)
        except RunSuspended as suspended:
            run.mark(suspended.status, suspended.reason)
        except asyncio.CancelledError:
            if watched.stop is None:  # this process is stopping: the next one goes on
                await self._hand_back(journal)
                raise
            _mark_stopped(run, watched.stop)
        except ProgramStopped as stopped:
            await self._hand_back(journal)
            raise KeyboardInterrupt from stopped
        if run.status.is_final:
            _keep_context(run, context)
        await asyncio.shield(self._end(journal, f"run_{run.status}"))

    async def _hand_back(self, journal: Journal) -> None:
        journal.run.mark(WorkflowStatus.PENDING)
        await asyncio.shield(self._end(journal, "run_handed_back"))

    async def _end(self, journal: Journal, event: str) -> None:
        await journal.note_what_is_open()
        journal.note_run(event)
        self.leases.give_back(journal.lease)
        journal.note_handover()
        await journal.close()


async def _steps_of(run: Workflow, context: WorkflowContext) -> StepResult:
    PINNED.set(Pinned(run.model, run.profiles))  # in the run's own task, and in those of its steps
    try:
        definition = WorkflowDefinition.model_validate(run.definition)
        steps = [load_step(data) for data in definition.steps]  # the run's own, so no copies
    except ValueError as error:  # a step type of somebody's own that is not imported here
        return StepResult(False, error=describe(error))
    return await context.run_steps(steps)


def _keep_context(run: Workflow, context: WorkflowContext) -> None:
    try:
        kept = plain(context.data)
    except StepFailed as error:  # a step that arranges others left what none of theirs did
        kept = {}
        run.mark(WorkflowStatus.FAILED, str(error))
    run.metadata = {**run.metadata, "context": kept}


def _mark_stopped(run: Workflow, why: Stop) -> None:
    if why == Stop.TIME:
        limit = f"It took longer than its time limit of {run.limits.seconds:g} s."
        run.mark(WorkflowStatus.FAILED, limit)
    else:
        run.mark(WorkflowStatus.CANCELLED)
