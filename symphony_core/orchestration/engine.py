"""Starts, runs and cancels runs of workflow definitions."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from symphony_core.errors import EntityNotFound, LeaseLost
from symphony_core.execution.executor import describe
from symphony_core.ids import Clock, utc_now
from symphony_core.orchestration.checking import check_definition
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.leases import HEARTBEAT_SECONDS, Leases
from symphony_core.orchestration.runner import JournaledRunner, plain
from symphony_core.orchestration.step import StepResult
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunLease, RunRequest
from symphony_core.workflow import Workflow, WorkflowStatus

WATCH_SECONDS = 0.4  # how often a run looks whether somebody asked it to stop


class WorkflowEngine:
    """Runs workflows out of the registry's repositories, in the caller's event loop.

    A run belongs to whoever holds its lease; everybody else may only ask things of it.
    """

    def __init__(
        self, registry: ServiceRegistry, *, owner: str | None = None, clock: Clock = utc_now
    ) -> None:
        self._registry = registry
        self._clock = clock
        self.leases = Leases(registry.get_repository("run_lease"), owner, clock)

    async def execute_workflow(
        self,
        definition: WorkflowDefinition,
        initial_context: Mapping[str, Any] | None = None,
        *,
        model: str | None = None,
    ) -> Workflow:
        """Start a run and run it here to its end; a failed step is its status, no exception.

        Raises:
            DefinitionError: the definition cannot run with these inputs.
        """
        return await self.execute_run(self.new_run(definition, initial_context, model=model))

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

    def new_run(
        self,
        definition: WorkflowDefinition,
        inputs: Mapping[str, Any] | None = None,
        *,
        model: str | None = None,
        template: str | None = None,
        tags: list[str] | None = None,
    ) -> Workflow:
        """Make a run, not stored yet, with a snapshot of the definition.

        Raises:
            DefinitionError: the definition cannot run with these inputs.
        """
        values = definition.fill_inputs(inputs)
        check_definition(definition, values.keys())
        return Workflow(
            name=definition.name,
            description=definition.description,
            definition=definition.to_dict(),
            definition_id=definition.id,
            definition_version=definition.version,
            template=template,
            inputs=plain(values),
            model=model,
            tags=tags or [],
            steps_total=definition.task_count(),
        )

    async def start_run(self, run: Workflow) -> None:
        """Store a new run for a worker to take up."""
        await Journal(self._registry, run).store_run("run_created")

    async def execute_run(self, run: Workflow) -> Workflow:
        """Store a new run and run it here to its end."""
        lease = self.leases.new(run.id)  # stored with the run, so that no worker takes it first
        journal = Journal(self._registry, run)
        await journal.store_run("run_created", lease)
        return await self._run(journal, lease)

    async def run_workflow(self, run_id: str) -> Workflow:
        """Run a stored run here from where it stands to its end.

        Raises:
            EntityNotFound: no such run.
            LeaseLost: somebody else runs it.
        """
        run = await self._find(run_id)
        if run.status.is_final:
            return run
        lease = await self.leases.acquire(run_id)
        if lease is None:
            raise LeaseLost(f"Another worker runs the run {run_id!r} already.")
        return await self._run(await Journal.open(self._registry, await self._find(run_id)), lease)

    async def cancel_workflow(self, run_id: str) -> Workflow:
        """Ask a run to stop; one that nobody runs is cancelled at once.

        Raises:
            EntityNotFound: no such run.
        """
        run = await self._find(run_id)
        if run.status.is_final:
            return run
        asked = RunRequest(id=run_id, run_id=run_id, cancel_at=self._clock())
        await self._registry.get_repository("run_request").save(asked)
        lease = await self.leases.acquire(run_id)
        if lease is None:
            return run
        journal = await Journal.open(self._registry, await self._find(run_id))
        if not journal.run.status.is_final:
            journal.run.mark(WorkflowStatus.CANCELLED)
        await self._end(journal, lease, "run_cancelled")
        return journal.run

    async def _find(self, run_id: str) -> Workflow:
        run: Workflow | None = await self._registry.get_repository("workflow").find_by_id(run_id)
        if run is None:
            raise EntityNotFound("run", run_id)
        return run

    async def _run(self, journal: Journal, lease: RunLease) -> Workflow:
        run = journal.run
        if run.status.is_final:  # it ended between being found and being taken
            await self.leases.release(lease)
            return run
        resumed = run.started_at is not None
        run.mark(WorkflowStatus.RUNNING)
        await journal.store_run("run_resumed" if resumed else "run_started")
        context = WorkflowContext(
            run.id,
            run.inputs,
            self._registry,
            runner=JournaledRunner(journal),
            model=run.model,
        )
        watch = RunWatch(self._registry, self.leases, journal, lease)
        try:
            result = await watch.over(self._walk(run, context))
        except asyncio.CancelledError:
            if not watch.cancel_asked:
                run.mark(WorkflowStatus.PENDING)  # this process is stopping: the next one goes on
                await asyncio.shield(self._end(journal, lease, "run_handed_back"))
                raise
            run.mark(WorkflowStatus.CANCELLED)
        else:
            status = WorkflowStatus.COMPLETED if result.success else WorkflowStatus.FAILED
            run.mark(status, result.error)
        run.metadata = {**run.metadata, "context": plain(context.data)}
        await asyncio.shield(self._end(journal, lease, f"run_{run.status}"))
        return run

    async def _walk(self, run: Workflow, context: WorkflowContext) -> StepResult:
        try:
            steps = WorkflowDefinition.model_validate(run.definition).get_steps()
        except ValueError as error:  # a step type of somebody's own that is not imported here
            return StepResult(False, error=describe(error))
        return await context.run_steps(steps)

    async def _end(self, journal: Journal, lease: RunLease, event: str) -> None:
        await journal.cancel_open_steps()
        await journal.store_run(event, self.leases.give_back(lease))


class RunWatch:
    """Keeps a run's lease while it runs, and stops it when somebody asks for that."""

    def __init__(
        self, registry: ServiceRegistry, leases: Leases, journal: Journal, lease: RunLease
    ) -> None:
        self._requests = registry.get_repository("run_request")
        self._leases = leases
        self._journal = journal
        self._lease = lease
        self._ended = asyncio.Event()
        self.cancel_asked = False

    async def over(self, walk: Coroutine[Any, Any, StepResult]) -> StepResult:
        """Await the walk, which is cancelled when it should stop.

        Raises:
            LeaseLost: another process runs this run now.
            StorageError: the store failed, so nothing more can be promised.
        """
        walking = asyncio.create_task(walk)
        watching = asyncio.create_task(self._watch(walking))
        try:
            return await walking
        finally:
            self._ended.set()  # not cancelled: a heartbeat in the middle of being stored must end
            await watching

    async def _watch(self, walking: "asyncio.Task[StepResult]") -> None:
        beat = HEARTBEAT_SECONDS / WATCH_SECONDS
        looks = 0
        try:
            while not self._ended.is_set() and not await self._is_cancel_asked():
                looks += 1
                if looks % round(beat) == 0:
                    await self._leases.renew(self._lease)
                    await self._journal.store_totals()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), WATCH_SECONDS)
        except LeaseLost:
            self._journal.close()
            raise
        finally:
            walking.cancel()  # changes nothing if the walk has ended

    async def _is_cancel_asked(self) -> bool:
        request: RunRequest | None = await self._requests.find_by_id(self._journal.run.id)
        self.cancel_asked = request is not None and request.cancel_at is not None
        return self.cancel_asked
