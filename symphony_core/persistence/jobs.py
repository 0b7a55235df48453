"""What waits for a database's writer: jobs, and who waits for each in which event loop."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

R_co = TypeVar("R_co", covariant=True)


class Job(Protocol[R_co]):
    """Something to do in a transaction."""

    def run(self, connection: Connection) -> R_co:
        """Do it; a `SymphonyError` undoes this job and no other."""

    def undo(self) -> None:
        """Take back what was done outside of the database: it was not committed."""


class Entry:
    """A job in the queue; `future` is its caller's, who may cancel it."""

    def __init__(self, job: Job[Any]) -> None:
        self.job = job
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        """Take the job back for this reason."""
        self.job.undo()
        self.error = error

    def settle(self) -> None:
        """Tell the caller what became of the job; called in the caller's event loop."""
        if self.future.done():  # the caller was cancelled meanwhile
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


def tell_callers(entries: Iterable[Entry]) -> None:
    """Have each settled in its own event loop: one call a loop, however many wait there."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Entry]] = {}
    for entry in entries:
        by_loop.setdefault(entry.loop, []).append(entry)
    for loop, of_loop in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_settle, of_loop)


def _settle(entries: Iterable[Entry]) -> None:
    for entry in entries:
        entry.settle()
