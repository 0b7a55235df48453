"""What waits for a database's writer: jobs, and who waits for each in which event loop."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Table

from symphony_core.errors import StorageError
from symphony_core.persistence.writes import Caller

MOST_TOGETHER = 200  # jobs in one transaction, so that none waits for an endless one

R_co = TypeVar("R_co", covariant=True)


class Job(Protocol[R_co]):
    """Something to do in a transaction."""

    @property
    def is_short(self) -> bool:
        """Whether it takes so little time that an event loop may wait for it."""

    @property
    def is_fleeting(self) -> bool:
        """Whether it may be undone by a power cut, so that nobody waits for the disk."""

    def run(self, connection: Connection) -> R_co:
        """Do it; a `SymphonyError` undoes this job and no other."""

    def undo(self) -> None:
        """Take back what was done outside of the database: it was not committed."""


class Entry:
    """A job in the queue, or none where only the tables are to be there; and its caller."""

    def __init__(self, job: Job[Any] | None, tables: Sequence[Table], caller: Caller) -> None:
        self.job = job
        self.tables = tables
        self.caller = caller
        self.loop = asyncio.get_running_loop()
        self.result: Any = None
        self.error: BaseException | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether there is still something to do."""
        return self.job is not None and self.error is None and not self.caller.cancelled()

    def run(self, connection: Connection) -> None:
        """Do the job."""
        if self.job is not None:
            self.result = self.job.run(connection)

    def fail(self, error: BaseException) -> None:
        """Take the job back for this reason."""
        if self.job is not None:
            self.job.undo()
        self.error = error

    def settle(self) -> None:
        """Tell the caller what became of the job; called in the caller's event loop."""
        if self.caller.done():  # it was cancelled meanwhile
            return
        if self.error is None:
            self.caller.set_result(self.result)
        else:
            self.caller.set_exception(self.error)


class Queue:
    """What many threads put in and one takes out; closed, it gives what it has, and then nothing."""

    def __init__(self) -> None:
        self._entries: SimpleQueue[Entry | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_closed = False
        self._open = 0  # entries put in and not done

    def put(self, entry: Entry) -> None:
        """Put in an entry."""
        with self._lock:  # so that none comes after the end
            if self._is_closed:
                raise RuntimeError("This database was closed.")
            self._open += 1
            self._entries.put(entry)

    @property
    def is_idle(self) -> bool:
        """Whether all that was put in is done."""
        return not self._open

    def note_done(self, entries: Sequence[Entry]) -> None:
        """Note that entries which were taken are done."""
        with self._lock:
            self._open -= len(entries)

    def close(self) -> None:
        """Take no more."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._entries.put(None)

    def take(self) -> list[Entry]:
        """Wait for an entry, and take it with those behind it; none when there will be no more."""
        taken: list[Entry] = []
        entry = self._entries.get()
        while entry is not None:
            taken.append(entry)
            if len(taken) == MOST_TOGETHER:
                return taken
            try:
                entry = self._entries.get_nowait()
            except Empty:
                return taken
        if taken:
            self._entries.put(None)  # the end comes with the next call
        return taken


def do_together(entries: Sequence[Entry], work: Callable[[], R_co]) -> R_co | None:
    """Do work for entries, and have all of them fail of whatever it raises: who waits hears of it.

    That may be a mistake in a job too.
    """
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - it is raised where the job was asked for
        for entry in reversed(entries):
            entry.fail(StorageError(str(error)) if isinstance(error, StorageError) else error)
        return None


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
