"""Takes runs from the store and runs them, several at a time, until it is told to stop."""

import asyncio
import logging
from collections.abc import Sequence

from symphony_core.errors import LeaseLost
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.registry import ServiceRegistry
from symphony_core.worker_beat import WorkerBeat
from symphony_core.workflow import Workflow, WorkflowStatus

POLL_SECONDS = 0.15  # how long a new run waits at most for an idle worker
RESCUE_SECONDS = 1.0  # how often runs of dead workers are looked for
MAX_RUNS = 8  # at a time; more wait as pending
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
        self._max_runs = max_runs
        self._beats = registry.get_repository("worker_beat")
        self._beat = WorkerBeat(owner=self._engine.leases.owner)
        self._active: dict[str, asyncio.Task[None]] = {}
        self._draining = asyncio.Event()

    def drain(self) -> None:
        """Take nothing new."""
        self._draining.set()

    async def work(self) -> None:
        """Work until drained or cancelled."""
        loop = asyncio.get_running_loop()
        rescue_at = loop.time()
        try:
            while not self._draining.is_set():
                await self._take_pending()
                if loop.time() >= rescue_at:
                    rescue_at = loop.time() + RESCUE_SECONDS
                    await self._show_life()
                    await self._rescue()
                await asyncio.sleep(POLL_SECONDS)
            await asyncio.gather(*self._active.values())
        finally:
            await self._hand_back()
            await asyncio.shield(self._beats.delete(self._beat.id))

    async def _show_life(self) -> None:
        self._beat.beat_at, self._beat.active_runs = utc_now(), len(self._active)
        await self._beats.save(self._beat)
        await self._beats.delete_all({"id": await self._dead_beats()})

    async def _dead_beats(self) -> list[str]:
        now = utc_now()
        return [beat.id for beat in await self._beats.find_all() if not beat.is_alive(now)]

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
        now = utc_now()
        leases = await self._leases.find_all({"id": running})
        held = {lease.id for lease in leases if lease.is_held(now)}
        left = [run_id for run_id in running if run_id not in held]
        if left and len(self._active) < self._max_runs:
            self._start(await self._runs.find_all({"id": left}))

    def _start(self, runs: Sequence[Workflow]) -> None:
        for run in runs:
            is_ours = run.definition is not None  # tasks that somebody tracks by hand have none
            if is_ours and run.id not in self._active and len(self._active) < self._max_runs:
                self._active[run.id] = asyncio.create_task(self._run(run))

    async def _run(self, run: Workflow) -> None:
        try:
            ended = await self._engine.run_workflow(run.id)
            log.info("run %s %s", run.id, ended.status)
        except LeaseLost as lost:
            log.info("run %s: %s", run.id, lost)
        except Exception:
            log.exception("run %s stopped; it goes on once its lease has expired", run.id)
        finally:
            self._active.pop(run.id, None)

    async def _hand_back(self) -> None:
        for task in self._active.values():
            task.cancel()
        await asyncio.gather(*self._active.values(), return_exceptions=True)
