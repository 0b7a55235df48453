"""One database in one process: a single writer that commits together whatever waits, and readers.

It knows connections and transactions, and nothing of entities. Nothing here belongs to an event
loop, so one database serves several loops and threads, and several runs of `asyncio.run`.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from symphony_core.errors import StorageError, SymphonyError
from symphony_core.persistence.jobs import Entry, Job, Queue, failing_together, tell_callers
from symphony_core.persistence.schema import (
    CURRENT,
    UPGRADE_SECONDS,
    create_table,
    refuse_newer,
    revision,
    settle,
)
from symphony_core.persistence.sql_errors import name_of, no_driver, storage_error
from symphony_core.persistence.sql_tables import BUILT_IN
from symphony_core.persistence.sqlite_copy import copy_database, free_name
from symphony_core.persistence.sqlite_settings import set_up, use_write_ahead_log
from symphony_core.persistence.writes import Caller

BUSY_SECONDS = "5"  # how long a locked SQLite is waited for; a URL may say ?timeout=30
READERS = 4

R = TypeVar("R")


class Database:
    """Made by `Database.open`, which gives the same object for the same URL."""

    _all: dict[tuple[int, str], "Database"] = {}
    _all_lock = threading.Lock()

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._key = (os.getpid(), url)
        self._engine = _engine(self._url)
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        self._name = name_of(self._url)
        self._readers = ThreadPoolExecutor(READERS, "symphony-read")
        self._queue = Queue()
        # An executor's bookkeeping for each job would take longer than the job itself. At the end
        # of the program, `close_all` waits for what is queued.
        self._writer = threading.Thread(target=self._write, name="symphony-write", daemon=True)
        self._connection: Connection | None = None
        self._ready: set[str] = set()
        self._writer.start()

    @classmethod
    def open(cls, url: str) -> "Database":
        """Return this process's database for a URL that `locate` returned."""
        key = (os.getpid(), url)  # a forked child has none of its parent's threads
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
        self._queue.close()
        self._writer.join()
        self._readers.shutdown()
        self._drop_connection()
        self._engine.dispose()

    async def read(self, query: Callable[[Connection], R], table: Table) -> R:
        """Run a query in a reader's thread."""
        if table.name not in self._ready:
            await self._done(None, [table])
        return await asyncio.wrap_future(self._readers.submit(self._query, query))

    async def write(self, job: Job[R], tables: Sequence[Table]) -> R:
        """Run a job in a transaction; it returns when that is on the disk.

        A caller that is cancelled before the job's turn takes it out of the queue.
        """
        result: R = await self._done(job, tables)
        return result

    def begin_to_write(self, job: Job[Any], tables: Sequence[Table], caller: Caller) -> None:
        """Put a job in the queue, and tell the caller when its transaction is on the disk."""
        self._queue.put(Entry(job, tables, caller))

    async def _done(self, job: Job[Any] | None, tables: Sequence[Table]) -> Any:
        done = asyncio.get_running_loop().create_future()
        self._queue.put(Entry(job, tables, done))
        return await done

    def _query(self, query: Callable[[Connection], R]) -> R:
        try:
            with self._engine.connect() as connection:
                return query(connection)
        except SQLAlchemyError as error:
            raise storage_error(self._name, error) from error

    def _write(self) -> None:
        while entries := self._queue.take():
            for entry in entries:
                with failing_together([entry]):
                    self._make_ready(entry.tables)
            waiting = [entry for entry in entries if entry.is_waiting]
            if waiting:
                with failing_together(waiting), self._transaction() as connection:
                    for entry in waiting:
                        _attempt(connection, entry, is_alone=len(waiting) == 1)
            tell_callers(entries)

    @contextmanager
    def _transaction(self, patience: int | None = None) -> Iterator[Connection]:
        committed = False
        try:
            connection = self._writing_connection(patience)
            yield connection
            connection.connection.commit()  # jobs go past SQLAlchemy, which may know of nothing
            connection.commit()
            committed = True
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
            raise storage_error(self._name, error) from error
        finally:
            if not committed:
                self._drop_connection()

    def _writing_connection(self, patience: int | None) -> Connection:
        if self._connection is None:
            if self._is_sqlite:
                self._make_file()
            self._connection = self._engine.connect()
            if self._is_sqlite:
                if patience is not None:
                    self._connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience * 1000}")
                use_write_ahead_log(self._connection)
        if self._is_sqlite:
            # A transaction that reads before it writes would fail at once when others write.
            _say(self._connection, "BEGIN IMMEDIATE")
        return self._connection

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # whatever state it is in; closing rolls back
            connection.close()

    def _make_ready(self, tables: Sequence[Table]) -> None:
        if all(table.name in self._ready for table in tables):
            return
        if not self._ready:
            self._settle_schema()
            self._ready.update(BUILT_IN)
        own = [table for table in tables if table.name not in self._ready]
        if own:
            with self._transaction() as connection:
                for table in own:
                    create_table(connection, table)
            self._ready.update(table.name for table in own)

    def _settle_schema(self) -> None:
        is_there = not self._is_sqlite or Path(str(self._url.database)).exists()
        found = self._query(revision) if is_there else None
        refuse_newer(found, self._name)  # before a connection changes so much as the journal mode
        if found == CURRENT:
            return
        with self._transaction(UPGRADE_SECONDS) as connection:
            settle(connection, self._name, self._copy)
        self._drop_connection()  # it is too patient for anything else

    def _copy(self, found: str) -> None:
        """Copy an older database before it is changed; others have their own means."""
        if self._is_sqlite:
            path = Path(str(self._url.database))
            for left in path.parent.glob(f".{path.stem}.before-upgrade-*.tmp*"):
                left.unlink()  # by a process that was killed: the transaction admits only one
            copy_database(path, free_name(path, f"before-upgrade-{found}"))

    def _make_file(self) -> None:
        """Make a database file that only its owner can read.

        Never open one that exists: closing it would drop the locks of all its connections.
        """
        path = Path(str(self._url.database))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return
        except OSError as error:
            raise StorageError(f"{self._name} cannot be made: {error.strerror}.") from error


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
            return create_engine(url, pool_size=READERS + 1)
        url = url.set(query={"timeout": BUSY_SECONDS, **url.query})
        options = {"isolation_level": None}  # a transaction begins where `BEGIN` is said
        engine = create_engine(url, pool_size=READERS + 1, connect_args=options, paramstyle="named")
    except (ImportError, NoSuchModuleError):
        raise no_driver(url) from None
    event.listen(engine, "connect", set_up)
    return engine


def _attempt(connection: Connection, entry: Entry, *, is_alone: bool) -> None:
    """Run a job so that its refusal undoes all of it, and nothing else."""
    if not is_alone:
        _say(connection, "SAVEPOINT job")
    try:
        entry.run(connection)
    except SymphonyError as error:
        entry.fail(error)
        _say(connection, "ROLLBACK" if is_alone else "ROLLBACK TO job")
    if not is_alone:
        _say(connection, "RELEASE job")


def _say(connection: Connection, statement: str) -> None:
    """Send a statement straight to the driver: this is on the way of every write."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(statement)


atexit.register(Database.close_all)
