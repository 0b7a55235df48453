"""Writes that are done in the event loop which asks for them.

To wake a thread and be woken by it takes as long as SQLite takes for a commit. So what few ask for
is done where it is asked for, as long as the disk is quick and nobody else writes.
"""

import asyncio
import threading
import time

from symphony_core.persistence.jobs import Entry, Queue
from symphony_core.persistence.writer import Writer

FEW = 4  # jobs in one turn of a loop: with more, the loop has better things to do than to wait
QUICK_SECONDS = 0.01  # what a transaction may take
REST_SECONDS = 1.0  # for how long the loop waits for none after two that took longer
LOG_TURNS = 50  # one in so many is the thread's, which moves SQLite's log into the database


class InPlace:
    """Takes jobs, and gives the queue those that would have its loop wait."""

    def __init__(self, writer: Writer, queue: Queue) -> None:
        self._writer = writer
        self._queue = queue
        self._lock = threading.Lock()
        self._fresh: dict[asyncio.AbstractEventLoop, list[Entry]] = {}
        self._writing = threading.Lock()
        self._turns = 0
        self._was_slow = False
        self._rests_until = 0.0
        self._is_closed = False

    def put(self, entry: Entry) -> None:
        """Take a job, whose turn comes together with what else its loop asks for right now."""
        with self._lock:
            if self._is_closed:
                self._queue.put(entry)  # which refuses it, or does it as one of its last
                return
            fresh = self._fresh.setdefault(entry.loop, [])
            fresh.append(entry)
        if len(fresh) == 1:
            entry.loop.call_soon(self._take, entry.loop)

    def close(self) -> None:
        """Give the queue what no loop has come to, and let go of the connection."""
        with self._lock:
            self._is_closed = True
        for loop in list(self._fresh):
            self._enqueue(self._pop(loop))
        with self._writing:
            self._writer.drop()

    def _take(self, loop: asyncio.AbstractEventLoop) -> None:
        entries = self._pop(loop)
        if not self._may_wait(entries) or not self._do(entries):
            self._enqueue(entries)

    def _pop(self, loop: asyncio.AbstractEventLoop) -> list[Entry]:
        with self._lock:
            return self._fresh.pop(loop, [])

    def _may_wait(self, entries: list[Entry]) -> bool:
        """Tell whether the loop may be kept waiting for so many; after the queue, in any case."""
        is_quick = time.monotonic() >= self._rests_until
        return len(entries) <= FEW and is_quick and self._queue.is_idle

    def _do(self, entries: list[Entry]) -> bool:
        self._turns = (self._turns + 1) % LOG_TURNS
        if not self._turns or not self._writing.acquire(blocking=False):
            return False
        started = time.monotonic()
        try:
            if self._is_closed or not self._writer.do(entries):
                return False
        finally:
            self._writing.release()
        self._note_time(time.monotonic() - started)
        for entry in entries:
            entry.settle()
        return True

    def _note_time(self, took: float) -> None:
        is_slow = took > QUICK_SECONDS
        if is_slow and self._was_slow:  # one alone is a disk's hiccup
            self._rests_until = time.monotonic() + REST_SECONDS
        self._was_slow = is_slow

    def _enqueue(self, entries: list[Entry]) -> None:
        for entry in entries:
            try:
                self._queue.put(entry)
            except RuntimeError as error:  # the database was closed under its users
                entry.fail(error)
                entry.settle()
