"""The right to run a run: taken by one process at a time, kept by a heartbeat, gone with its owner."""

import os
import secrets
import socket
from datetime import datetime, timedelta

from symphony_core.errors import Conflict, LeaseLost
from symphony_core.ids import Clock, utc_now
from symphony_core.persistence.repository import Repository
from symphony_core.run_lease import RunLease

LEASE_SECONDS = 6.0  # a dead owner's runs are free after that
HEARTBEAT_SECONDS = 1.5  # three may be missed


class Leases:
    """Takes, renews and gives back leases in one owner's name."""

    def __init__(
        self, lease_repo: Repository[RunLease], owner: str | None = None, clock: Clock = utc_now
    ) -> None:
        self._leases = lease_repo
        self._clock = clock
        self.owner = owner or new_owner()

    def new(self, run_id: str) -> RunLease:
        """Return a lease for a run that is about to be stored together with it."""
        return RunLease(id=run_id, owner=self.owner, expires_at=self._expiry())

    async def acquire(self, run_id: str) -> RunLease | None:
        """Take the lease; None if somebody holds it."""
        lease = await self._leases.find_by_id(run_id)
        try:
            if lease is None:
                lease = self.new(run_id)
                await self._leases.insert(lease)
                return lease
            if lease.is_held(self._clock()):
                return None
            lease.owner, lease.fence = self.owner, lease.fence + 1
            lease.expires_at = self._expiry()
            await self._leases.save(lease)
        except Conflict:
            return None
        return lease

    async def renew(self, lease: RunLease) -> None:
        """Hold on to a lease.

        Raises:
            LeaseLost: somebody else has taken it meanwhile.
        """
        lease.expires_at = self._expiry()
        try:
            await self._leases.save(lease)
        except Conflict:
            raise LeaseLost(f"The run {lease.id!r} was taken over by another worker.") from None

    def give_back(self, lease: RunLease) -> RunLease:
        """Return the lease as it is stored when its owner has done with it."""
        lease.expires_at = self._clock()
        return lease

    async def release(self, lease: RunLease) -> None:
        """Give a lease back, with nothing to store beside it."""
        await self._leases.save(self.give_back(lease))

    async def is_held(self, run_id: str) -> bool:
        """Tell whether somebody runs the run right now."""
        lease = await self._leases.find_by_id(run_id)
        return lease is not None and lease.is_held(self._clock())

    def _expiry(self) -> datetime:
        return self._clock() + timedelta(seconds=LEASE_SECONDS)


def new_owner() -> str:
    """Return a name for this process that no other has had."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
