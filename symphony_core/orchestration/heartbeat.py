"""Shows that an owner of runs lives, from a thread of its own.

A step that keeps the event loop busy does not make its owner look dead; a process that is frozen
or gone does.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from symphony_core.errors import StorageError
from symphony_core.ids import Clock
from symphony_core.persistence.repository import Repository
from symphony_core.worker_beat import WorkerBeat

BEAT_SECONDS = 1.0
TURN_SECONDS = 0.002

log = logging.getLogger(__name__)


class Heartbeat:
    """Beats while somebody needs it: from the first `start` to as many `stop`."""

    def __init__(self, beats: Repository[WorkerBeat], owner: str, clock: Clock) -> None:
        self._beats = beats
        self._clock = clock
        self._beat = WorkerBeat(id=owner, owner=owner, takes_runs=False, beat_at=clock())
        self._turn = threading.Lock()  # not asyncio's: several event loops may come
        self._users = 0
        self._storing = threading.Lock()  # the thread has it while it looks whether to beat
        self._thread: threading.Thread | None = None

    async def start(self, *, takes_runs: bool = False) -> None:
        """Have a first beat stored, and the next ones from now on."""
        async with self._one_at_a_time():
            self._beat.takes_runs |= takes_runs
            if self._users == 0:
                await self._store()
                self._begin()
            else:
                self._users += 1
            self._count()

    async def stop(self) -> None:
        """End with the last user, and leave no beat behind."""
        async with self._one_at_a_time():
            self._users -= 1
            self._count()
            if self._users == 0:
                if self._storing.locked():  # else the thread stores no more
                    await asyncio.to_thread(self._wait)
                await self._beats.delete(self._beat.id)

    @asynccontextmanager
    async def _one_at_a_time(self) -> AsyncIterator[None]:
        while True:
            if self._turn.acquire(blocking=False):
                break
            await asyncio.sleep(TURN_SECONDS)
        try:
            yield
        finally:
            self._turn.release()

    def _begin(self) -> None:
        """Have the thread beat: the one of the last users, if they were there just now."""
        with self._storing:
            self._users = 1
            if self._thread is None:
                thread = threading.Thread(target=self._keep, name="symphony-heartbeat", daemon=True)
                thread.start()
                self._thread = thread

    def _wait(self) -> None:
        with self._storing:
            pass

    def _count(self) -> None:
        self._beat.active_runs = max(0, self._users - self._beat.takes_runs)

    def _keep(self) -> None:
        while True:
            time.sleep(BEAT_SECONDS)
            with self._storing:
                if self._users == 0:
                    self._thread = None
                    return
                try:
                    asyncio.run(self._store())
                except StorageError as error:
                    log.warning("a heartbeat could not be stored: %s", error)

    async def _store(self) -> None:
        self._beat.beat_at = self._clock()
        await self._beats.save(self._beat)
