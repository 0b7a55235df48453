"""Looks, for all runs of one event loop together, whether they may go on."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from symphony_core.errors import LeaseLost, SymphonyError
from symphony_core.orchestration.gate import RunGate
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.step import StepResult
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunRequest

LOOK_SECONDS = 0.25  # how often runs look whether somebody asked them something
LEASE_LOOKS = 4  # every so many looks, whether they are still ours


class Stop(StrEnum):
    """Why a walk was stopped from outside."""

    CANCEL = "cancel"
    TIME = "time"
    FAILURE = "failure"


@dataclass(eq=False)
class WatchedRun:
    """A run under way, and what has come up meanwhile."""

    journal: Journal
    gate: RunGate
    stop: Stop | None = None
    failure: BaseException | None = None
    walking: "asyncio.Task[StepResult] | None" = None

    def __post_init__(self) -> None:
        self._counted_at = time.monotonic()
        self.journal.heard = self.hear

    async def over(self, walk: Coroutine[Any, Any, StepResult]) -> StepResult:
        """Await the walk, which is cancelled when it should stop.

        Raises:
            LeaseLost: another process runs this run now, or it was deleted.
            StorageError: the store failed, so nothing more can be promised.
        """
        self.walking = asyncio.create_task(walk)
        try:
            return await self.walking
        except asyncio.CancelledError:
            if self.failure is not None:
                raise self.failure from None
            raise
        finally:
            self.count_time()

    def end(self, why: Stop, failure: BaseException | None = None) -> None:
        """Stop the walk; the first reason counts."""
        if self.stop is None:
            self.stop, self.failure = why, failure
            if self.walking is not None:
                self.walking.cancel()

    def count_time(self) -> None:
        """Add the time since the last count to what the run has been running."""
        now = time.monotonic()
        self.journal.run.active_seconds += now - self._counted_at
        self._counted_at = now

    def hear(self, request: RunRequest) -> bool:
        """Act on what was asked, and tell whether further steps may start."""
        self.gate.pause_asked = request.pause_at is not None
        self.gate.cancel_asked = request.cancel_at is not None
        if self.gate.cancel_asked:
            self.end(Stop.CANCEL)
        return not (self.gate.pause_asked or self.gate.cancel_asked)

    def look(self, request: RunRequest | None) -> None:
        """Act on what was asked, on a limit of time, and on a store that failed."""
        self.count_time()
        run = self.journal.run
        if request is not None:
            self.hear(request)
        if run.limits.seconds is not None and run.active_seconds >= run.limits.seconds:
            self.end(Stop.TIME)
        if self.journal.failure is not None:
            self.end(Stop.FAILURE, self.journal.failure)
        else:
            self.journal.note_totals()


class RunsWatch:
    """Looks at the requests and leases of many runs with one query each."""

    def __init__(self, registry: ServiceRegistry) -> None:
        self._requests = registry.get_repository("run_request")
        self._leases = registry.get_repository("run_lease")
        self._runs: dict[str, WatchedRun] = {}
        self._watching: asyncio.Task[None] | None = None

    def add(self, run: WatchedRun) -> None:
        """Begin to watch a run."""
        self._runs[run.journal.run.id] = run
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    async def remove(self, run: WatchedRun) -> None:
        """Stop watching a run."""
        self._runs.pop(run.journal.run.id, None)
        watching = self._watching
        if not self._runs and watching is not None:
            self._watching = None
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _watch(self) -> None:
        looks = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)  # what was asked before is known when a run begins
            try:
                await self._look(with_leases=looks % LEASE_LOOKS == 0)
            except SymphonyError as error:
                for run in list(self._runs.values()):
                    run.end(Stop.FAILURE, error)
            looks += 1

    async def _look(self, *, with_leases: bool) -> None:
        watched = dict(self._runs)
        found = await self._requests.find_all({"id": list(watched)})
        requests = {request.id: request for request in found}
        for run_id, run in watched.items():
            run.look(requests.get(run_id))
        if with_leases:
            await self._check_leases(watched)

    async def _check_leases(self, watched: dict[str, WatchedRun]) -> None:
        held = {run_id: run.journal.lease_version for run_id, run in watched.items()}
        stored = await self._leases.versions({"id": list(watched)})
        for run_id, run in watched.items():
            if held[run_id] and stored.get(run_id) != held[run_id]:
                taken = f"The run {run_id!r} was taken over by another worker, or deleted."
                run.end(Stop.FAILURE, LeaseLost(taken))


class Watches:
    """One `RunsWatch` for every event loop that runs runs."""

    def __init__(self, registry: ServiceRegistry) -> None:
        self._registry = registry
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, RunsWatch] = WeakKeyDictionary()

    def here(self) -> RunsWatch:
        """Return the running event loop's."""
        loop = asyncio.get_running_loop()
        if loop not in self._by_loop:
            self._by_loop[loop] = RunsWatch(self._registry)
        return self._by_loop[loop]
