"""The right to run a run: taken by one process at a time, and gone with its owner's heartbeat."""

import asyncio
import os
import secrets
import socket
import time

from symphony_core.errors import Conflict
from symphony_core.ids import Clock, utc_now
from symphony_core.orchestration.heartbeat import BEAT_SECONDS, Heartbeat
from symphony_core.persistence.repository import Repository
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunLease
from symphony_core.worker_beat import ALIVE_FOR, WorkerBeat

DEAD_SECONDS = ALIVE_FOR.total_seconds()  # without a beat, as seen by another process
STALE_DEAD_SECONDS = 3 * BEAT_SECONDS  # where the last beat says itself that it is old
LOOK_SECONDS = 0.2


class Leases:
    """Takes and gives back leases in one owner's name.

    An owner is dead when no beat of it was *seen* for a while on this process's own monotonic
    clock: a wall clock that jumps takes no run from a living owner, and keeps none for a dead one.
    """

    def __init__(
        self, registry: ServiceRegistry, owner: str | None = None, clock: Clock = utc_now
    ) -> None:
        self._leases: Repository[RunLease] = registry.get_repository("run_lease")
        self._beats: Repository[WorkerBeat] = registry.get_repository("worker_beat")
        self._clock = clock
        self._seen: dict[str, tuple[int, float]] = {}  # a beat's version, and when it was new
        self._mine: set[str] = set()
        self.owner = owner or new_owner()
        self.heartbeat = Heartbeat(self._beats, self.owner, clock)

    def new(self, run_id: str) -> RunLease:
        """Return a lease for a run that is about to be stored together with it."""
        self._mine.add(run_id)
        return RunLease(id=run_id, owner=self.owner)

    async def acquire(self, run_id: str) -> RunLease | None:
        """Take the lease; None if somebody has it, or cannot yet be told to be dead."""
        if run_id in self._mine:
            return None
        self._mine.add(run_id)
        lease = await self._take(run_id)
        if lease is None:
            self._mine.discard(run_id)
        return lease

    async def acquire_patiently(self, run_id: str) -> RunLease | None:
        """Take the lease, waiting where its owner seems dead until that is sure."""
        give_up = time.monotonic() + 2 * DEAD_SECONDS
        while (lease := await self.acquire(run_id)) is None and time.monotonic() < give_up:
            if await self.is_held(run_id):
                break
            await asyncio.sleep(LOOK_SECONDS)
        return lease

    def give_back(self, lease: RunLease) -> RunLease:
        """Return the lease as it is stored when its owner has done with it."""
        lease.owner = None
        return lease

    def forget(self, run_id: str) -> None:
        """Note that this process does not run the run any more."""
        self._mine.discard(run_id)

    async def release(self, lease: RunLease) -> None:
        """Give a lease back, with nothing to store beside it."""
        await self._leases.save(self.give_back(lease))
        self.forget(lease.id)

    async def is_held(self, run_id: str) -> bool:
        """Tell whether somebody runs the run right now, as far as clocks tell."""
        return run_id in await self.held([run_id])

    async def held(self, run_ids: list[str]) -> set[str]:
        """Return those of the runs that somebody runs right now, as far as clocks tell."""
        leases = await self._leases.find_all({"id": run_ids})
        owners = {lease.owner for lease in leases if lease.owner is not None}
        beats = await self._beats.find_all({"id": list(owners)})
        now = self._clock()
        alive = {beat.id for beat in beats if beat.is_alive(now)}
        return {lease.id for lease in leases if lease.owner in alive}

    async def _take(self, run_id: str) -> RunLease | None:
        lease = await self._leases.find_by_id(run_id)
        try:
            if lease is None:
                lease = RunLease(id=run_id, owner=self.owner)
                await self._leases.insert(lease)
                return lease
            if not await self._is_free(lease):
                return None
            lease.owner, lease.fence = self.owner, lease.fence + 1
            await self._leases.save(lease)
        except Conflict:
            return None
        return lease

    async def _is_free(self, lease: RunLease) -> bool:
        if lease.owner is None or lease.owner == self.owner:
            return True
        beat = await self._beats.find_by_id(lease.owner)
        return beat is None or self.is_dead(beat)

    def is_dead(self, beat: WorkerBeat) -> bool:
        """Tell whether an owner has been seen not to beat for long enough."""
        now = time.monotonic()
        version, since = self._seen.get(beat.id, (0, now))
        if version != beat.version:
            since = now
        self._seen[beat.id] = beat.version, since
        alive = beat.is_alive(self._clock())
        return now - since >= (DEAD_SECONDS if alive else STALE_DEAD_SECONDS)


def new_owner() -> str:
    """Return a name for this process that no other has had; it is an id too."""
    host = "".join(letter for letter in socket.gethostname() if letter.isalnum())[:32] or "host"
    return f"{host}-{os.getpid()}-{secrets.token_hex(4)}"
