"""One database in one process: writers that commit together whatever waits, and readers.

It knows connections and transactions, and nothing of entities. Nothing here belongs to an event
loop, so one database serves several loops and threads, and several runs of `asyncio.run`.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from symphony_core.errors import StorageError
from symphony_core.persistence.in_place import InPlace
from symphony_core.persistence.jobs import Entry, Job, Queue, do_together, tell_callers
from symphony_core.persistence.schema import (
    CURRENT,
    UPGRADE_SECONDS,
    create_table,
    refuse_newer,
    revision,
    settle,
)
from symphony_core.persistence.sql_errors import errors_of, name_of, no_driver, storage_error
from symphony_core.persistence.sql_tables import BUILT_IN
from symphony_core.persistence.sqlite_copy import copy_database, free_name
from symphony_core.persistence.sqlite_settings import set_up
from symphony_core.persistence.writer import Writer
from symphony_core.persistence.writes import Caller

BUSY_SECONDS = "5"  # how long a locked SQLite is waited for; a URL may say ?timeout=30
READERS = 4
CONNECTIONS = READERS + 2  # two write

R = TypeVar("R")


class Database:
    """Made by `Database.open`, which gives the same object for the same URL."""

    _all: dict[tuple[int, str], "Database"] = {}
    _all_lock = threading.Lock()

    def __init__(self, url: str) -> None:
        self._key = (os.getpid(), url)
        self._url = make_url(url)
        self._engine = _engine(self._url)
        self._errors = errors_of(self._engine)
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        self._name = name_of(self._url)
        self._readers = ThreadPoolExecutor(READERS, "symphony-read")
        self._queue = Queue()
        file = Path(str(self._url.database)) if self._is_sqlite else None
        self._writer = Writer(self._engine, self._name, file)
        self._in_place: InPlace | None = None
        if self._is_sqlite:
            self._in_place = InPlace(
                Writer(self._engine, self._name, file, prompt=True), self._queue
            )
        self._ready: set[Table] = set()
        # An executor's bookkeeping for each job would take longer than the job itself. At the end
        # of the program, `close_all` waits for what is queued.
        self._thread = threading.Thread(target=self._write, name="symphony-write", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, url: str) -> "Database":
        """Return this process's database for a URL that `locate` returned."""
        key = (os.getpid(), url)  # a forked child has none of its parent's threads
        if (found := cls._all.get(key)) is not None:
            return found
        with cls._all_lock:
            return cls._all.get(key) or cls._all.setdefault(key, cls(url))

    @classmethod
    def close_all(cls) -> None:
        """Close what this process has opened."""
        for key, database in list(cls._all.items()):
            if key[0] == os.getpid():
                database.close()

    def close(self) -> None:
        """Finish what is queued and close all connections; `open` makes a new object."""
        with self._all_lock:
            self._all.pop(self._key, None)
        if self._in_place is not None:
            self._in_place.close()
        self._queue.close()
        self._thread.join()
        self._readers.shutdown()
        self._writer.drop()
        self._engine.dispose()

    async def read(
        self, query: Callable[[Connection], R], table: Table, *, is_short: bool = False
    ) -> R:
        """Run a query in a reader's thread; a short one here, where no network is in between.

        Nobody who writes keeps SQLite's readers waiting, and one row is read before a thread wakes.
        """
        if table not in self._ready:
            await self._done(None, [table])
        if is_short and self._is_sqlite:
            return self._query(query)
        return await asyncio.wrap_future(self._readers.submit(self._query, query))

    async def write(self, job: Job[R], tables: Sequence[Table]) -> R:
        """Run a job in a transaction; it returns when that is on the disk.

        A caller that is cancelled before the job's turn takes it out of the queue.
        """
        result: R = await self._done(job, tables)
        return result

    def begin_to_write(self, job: Job[Any] | None, tables: Sequence[Table], caller: Caller) -> None:
        """Have a job done, and tell the caller when its transaction is on the disk."""
        entry = Entry(job, tables, caller)
        is_ready = self._ready.issuperset(tables)
        if self._in_place is not None and is_ready and job is not None and job.is_short:
            self._in_place.put(entry)
        else:
            self._queue.put(entry)

    async def _done(self, job: Job[Any] | None, tables: Sequence[Table]) -> Any:
        done = asyncio.get_running_loop().create_future()
        self.begin_to_write(job, tables, done)
        return await done

    def _query(self, query: Callable[[Connection], R]) -> R:
        try:
            with self._engine.connect() as connection:
                return query(connection)
        except self._errors as error:
            raise storage_error(self._name, error) from error

    def _write(self) -> None:
        while entries := self._queue.take():
            for entry in entries:
                do_together([entry], partial(self._make_ready, entry.tables))
            self._writer.do(entries)
            self._queue.note_done(entries)
            tell_callers(entries)

    def _make_ready(self, tables: Sequence[Table]) -> None:
        if self._ready.issuperset(tables):
            return
        if not self._ready:
            self._settle_schema()
            self._ready.update(BUILT_IN.values())
        own = [table for table in tables if table not in self._ready]
        if own:
            with self._writer.transaction() as connection:
                for table in own:
                    create_table(connection, table)
            self._ready.update(own)

    def _settle_schema(self) -> None:
        is_there = not self._is_sqlite or Path(str(self._url.database)).exists()
        found = self._query(revision) if is_there else None
        refuse_newer(found, self._name)  # before a connection changes so much as the journal mode
        if found == CURRENT:
            return
        with self._writer.transaction(UPGRADE_SECONDS) as connection:
            settle(connection, self._name, self._copy)
        self._writer.drop()  # it is too patient for anything else

    def _copy(self, found: str) -> None:
        """Copy an older database before it is changed; others have their own means."""
        if self._is_sqlite:
            path = Path(str(self._url.database))
            for left in path.parent.glob(f".{path.stem}.before-upgrade-*.tmp*"):
                left.unlink()  # by a process that was killed: the transaction admits only one
            copy_database(path, free_name(path, f"before-upgrade-{found}"))


def locate(url: str) -> str:
    """Return a database URL in the form that `Database.open` takes: whole, wherever it is used."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageError("A database URL is like 'sqlite:///data/symphony.db'.") from None
    if parsed.get_backend_name() == "sqlite":
        file = parsed.database or ":memory:"
        if file == ":memory:" or file.startswith("file:"):
            raise StorageError(f"{url!r} names no file. Use an InMemoryRepository, or name a file.")
        parsed = parsed.set(database=str(Path(file).resolve()))
    return parsed.render_as_string(hide_password=False)


def file_of(url: str) -> Path | None:
    """Return where the file of a database is, or will be; None if a server keeps it."""
    parsed = make_url(locate(url))
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_size=CONNECTIONS)
        url = url.set(query={"timeout": BUSY_SECONDS, **url.query})
        options = {"isolation_level": None}  # a transaction begins where `BEGIN` is said
        engine = create_engine(url, pool_size=CONNECTIONS, connect_args=options, paramstyle="named")
    except (ImportError, NoSuchModuleError):
        raise no_driver(url) from None
    event.listen(engine, "connect", set_up)
    return engine


atexit.register(Database.close_all)
