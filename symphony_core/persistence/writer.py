"""A connection that writes, one transaction after the other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from symphony_core.errors import StorageError, SymphonyError
from symphony_core.persistence.jobs import Entry, do_together
from symphony_core.persistence.sql_errors import errors_of, storage_error
from symphony_core.persistence.sqlite_settings import is_locked, make_file, use_write_ahead_log

# SQLite moves its log into the database when it is so long, and then writes over it from the start.
# That is quicker than to let a file grow, so it is kept short.
LOG_PAGES = 250
PROMPT_LOG_PAGES = 1000


class Writer:
    """Does jobs, for one thread at a time; `file` is SQLite's.

    A prompt one, which only SQLite has, refuses where it would have to wait for others who write.
    To move the log into the database takes time, so it leaves that to them unless it grows long.
    """

    def __init__(
        self, engine: Engine, name: str, file: Path | None, *, prompt: bool = False
    ) -> None:
        self._engine = engine
        self._errors = errors_of(engine)
        self._name = name
        self._file = file
        self._is_prompt = prompt
        self._connection: Connection | None = None
        self._driver: Any = None  # the same connection as its driver knows it
        self._is_syncing = True  # a commit waits until it is on the disk
        self._safety = _Safety(self)

    def do(self, entries: Sequence[Entry]) -> bool:
        """Do in one transaction what is waited for; False if others write, so that nothing is done.

        What goes wrong is told to whoever waits.
        """
        waiting = [entry for entry in entries if entry.is_waiting]
        return not waiting or do_together(waiting, partial(self._do, waiting)) is not False

    @contextmanager
    def transaction(self, patience: int | None = None) -> Iterator[Connection]:
        """Give the connection for one transaction; a new one waits `patience` seconds for others.

        Raises:
            StorageError: the database failed, and nothing of it is done.
        """
        with self._safety:
            connection = self._connection or self._connect(patience)
            self._sync(True)
            self._begin()
            yield connection
            self._commit(connection)

    def drop(self) -> None:
        """Close the connection in whatever state it is; what is not committed is undone."""
        connection, self._connection, self._driver = self._connection, None, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def said(self, error: BaseException) -> StorageError | None:
        """Return what a driver's error means; None for what is no driver's."""
        return storage_error(self._name, error) if isinstance(error, self._errors) else None

    def _do(self, waiting: Sequence[Entry]) -> bool:
        with self._safety:
            connection = self._connection or self._connect()
            lasting = [entry for entry in waiting if entry.job and not entry.job.is_fleeting]
            self._sync(bool(lasting))
            if not self._begin():
                return False
            for entry in waiting:
                self._attempt(connection, entry, is_alone=len(waiting) == 1)
            self._commit(connection)
        return True

    def _connect(self, patience: int | None = None) -> Connection:
        if self._file is not None and not self._is_prompt:
            make_file(self._file, self._name)
        connection = self._connection = self._engine.connect()
        self._driver = connection.connection.dbapi_connection
        self._is_syncing = True
        if self._is_prompt:
            self._say("PRAGMA busy_timeout = 0")
            self._say(f"PRAGMA wal_autocheckpoint = {PROMPT_LOG_PAGES}")
        elif self._file is not None:
            if patience is not None:
                self._say(f"PRAGMA busy_timeout = {patience * 1000}")
            use_write_ahead_log(connection)
            self._say(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        return connection

    def _sync(self, wanted: bool) -> None:
        """Have commits wait for the disk or not; those before one that waits are there with it."""
        if self._file is not None and wanted is not self._is_syncing:
            self._say(f"PRAGMA synchronous = {'FULL' if wanted else 'NORMAL'}")
            self._is_syncing = wanted

    def _begin(self) -> bool:
        if self._file is None:
            return True
        try:
            # A transaction that reads before it writes would fail at once when others write.
            self._say("BEGIN IMMEDIATE")
        except self._errors as error:
            if self._is_prompt and is_locked(error):
                return False
            raise
        return True

    def _attempt(self, connection: Connection, entry: Entry, *, is_alone: bool) -> None:
        """Run a job so that its refusal undoes all of it, and nothing else."""
        if not is_alone:
            self._say("SAVEPOINT job")
        try:
            entry.run(connection)
        except SymphonyError as error:
            entry.fail(error)
            self._say("ROLLBACK" if is_alone else "ROLLBACK TO job")
        if not is_alone:
            self._say("RELEASE job")

    def _commit(self, connection: Connection) -> None:
        self._driver.commit()  # jobs go past SQLAlchemy, which may know of nothing
        if connection.in_transaction():
            connection.commit()

    def _say(self, statement: str) -> None:
        """Send a statement straight to the driver: this is on the way of every write."""
        cursor = self._driver.cursor()
        cursor.execute(statement)
        cursor.close()


class _Safety:
    """Drops a writer's connection at any error, and says a driver's in words."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def __enter__(self) -> None:
        """Nothing is to be done before."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        """Let go of the connection if something was raised."""
        if error is None:
            return
        self._writer.drop()
        if (said := self._writer.said(error)) is not None:
            raise said from error
