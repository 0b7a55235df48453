"""Takes runs from the store and runs them, several at a time, until it is told to stop."""

import asyncio
import logging
from collections.abc import Sequence

from symphony_core.errors import LeaseLost, StorageError, SymphonyError
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.outcomes import describe
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import Workflow, WorkflowStatus

POLL_SECONDS = 0.15  # how long a new run waits at most for an idle worker
RESCUE_SECONDS = 1.0  # how often runs of dead workers are looked for
MAX_RUNS = 8  # at a time; more wait as pending
PAUSE_SECONDS = 5.0  # before a run is tried again whose store failed
PAGE_SIZE = 20  # pending runs read at once

log = logging.getLogger(__name__)


class Worker:
    """Runs what is pending, and what a dead worker left behind.

    A worker stops in one of two ways: `drain` takes nothing new and ends when its runs have;
    cancelling `work` hands its runs back for the next worker to go on with.
    """

    def __init__(self, registry: ServiceRegistry, max_runs: int = MAX_RUNS) -> None:
        self._engine = WorkflowEngine(registry)
        self._runs = registry.get_repository("workflow")
        self._leases = registry.get_repository("run_lease")
        self._beats = registry.get_repository("worker_beat")
        self._max_runs = max_runs
        self._active: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, float] = {}  # runs whose store failed wait a little
        self._draining = asyncio.Event()

    def drain(self) -> None:
        """Take nothing new."""
        self._draining.set()

    async def work(self) -> None:
        """Work until drained or cancelled."""
        loop = asyncio.get_running_loop()
        rescue_at = loop.time()
        heartbeat = self._engine.leases.heartbeat
        await heartbeat.start(takes_runs=True)
        try:
            while not self._draining.is_set():
                await self._look(rescue=loop.time() >= rescue_at)
                if loop.time() >= rescue_at:
                    rescue_at = loop.time() + RESCUE_SECONDS
                await asyncio.sleep(POLL_SECONDS)
            await asyncio.gather(*self._active.values())
        finally:
            await self._hand_back()
            await asyncio.shield(heartbeat.stop())

    async def _look(self, *, rescue: bool) -> None:
        """Look for something to do; a store that fails now may be there the next time."""
        try:
            await self._take_pending()
            if rescue:
                await self._engine.control.wake()
                await self._rescue()
        except StorageError as error:
            log.warning("%s", error)

    async def _take_pending(self) -> None:
        pending = {"status": WorkflowStatus.PENDING}
        offset = 0
        while len(self._active) < self._max_runs:
            page = await self._runs.find_page(
                pending, descending=False, limit=PAGE_SIZE, offset=offset
            )
            self._start(page)
            offset += len(page)
            if len(page) < PAGE_SIZE:
                return

    async def _rescue(self) -> None:
        running = list(await self._runs.versions({"status": WorkflowStatus.RUNNING}))
        owners = await self._other_owners()
        held = {
            lease.id
            for lease in await self._leases.find_all({"id": running})
            if lease.owner in owners
        }
        left = [run_id for run_id in running if run_id not in held]
        if left and len(self._active) < self._max_runs:
            # The status again: one that was paused just now has no owner either, and must not go on.
            running_now = {"id": left, "status": WorkflowStatus.RUNNING}
            self._start(await self._runs.find_all(running_now))

    async def _other_owners(self) -> set[str]:
        """Return who else lives; the beats of the dead go, so that all can see it.

        What is in this worker's own name and not under way here was left when its store failed.
        """
        beats = await self._beats.find_all()
        dead = {beat.id for beat in beats if self._engine.leases.is_dead(beat)}
        await self._beats.delete_all({"id": list(dead)})
        return {beat.id for beat in beats} - dead - {self._engine.leases.owner}

    def _start(self, runs: Sequence[Workflow]) -> None:
        now = asyncio.get_running_loop().time()
        for run in runs:
            is_ours = run.definition is not None  # tasks that somebody tracks by hand have none
            is_due = self._not_before.get(run.id, 0) <= now
            is_new = is_ours and is_due and run.id not in self._active
            if is_new and len(self._active) < self._max_runs:
                self._active[run.id] = asyncio.create_task(self._run(run))

    async def _run(self, run: Workflow) -> None:
        try:
            ended = await self._engine.run_workflow(run.id, even_paused=False)
            self._not_before.pop(run.id, None)
            log.info("run %s %s", run.id, ended.status)
        except LeaseLost as lost:
            log.info("run %s: %s", run.id, lost)
        except StorageError as error:
            self._not_before[run.id] = asyncio.get_running_loop().time() + PAUSE_SECONDS
            log.warning("run %s waits: %s", run.id, error)
        except Exception as error:
            log.exception("run %s stopped", run.id)
            await self._give_up(run, error)
        finally:
            self._active.pop(run.id, None)

    async def _give_up(self, run: Workflow, error: Exception) -> None:
        """End a run that would only fail again, so that it is not tried for ever."""
        try:
            await self._engine.control.fail(run.id, f"Symphony could not run it: {describe(error)}")
        except SymphonyError as failed:
            log.warning("run %s: %s", run.id, failed)

    async def _hand_back(self) -> None:
        for task in self._active.values():
            task.cancel()
        await asyncio.gather(*self._active.values(), return_exceptions=True)
