"""Backup and restore of the database, and what both refuse."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy.engine import make_url

from symphony_core.errors import StorageError
from symphony_core.ids import Clock, utc_now
from symphony_core.persistence.database import file_of
from symphony_core.persistence.schema import refuse_newer
from symphony_core.persistence.sqlite_copy import (
    check,
    copy_database,
    copy_pages,
    failures_named,
    free_name,
    publish,
    temporary_beside,
)
from symphony_core.worker_beat import WorkerBeat

LOCK_SECONDS = 1.0  # how long `restore` waits for whoever is just going


class Restored(NamedTuple):
    """What a restore did: where the database is, and where what it replaced is kept."""

    path: Path
    kept: Path | None


def back_up(url: str, target: Path) -> None:
    """Copy a database to a new file while others go on using it.

    Raises:
        StorageError: the file exists, there is no database, or it is damaged.
    """
    copy_database(sqlite_file(url), target.absolute())


def restore(url: str, source: Path, clock: Clock = utc_now) -> Restored:
    """Put a backup in the database's place; what was there is kept beside it.

    It is one transaction of SQLite: whoever waits for it sees the backup, and a process that is
    killed in it leaves the database as it was.

    Raises:
        StorageError: the backup is none, or something uses the database.
    """
    path = sqlite_file(url)
    with failures_named(source, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary_beside(path) as fresh:
            _take(source.absolute(), fresh)
            if not path.exists():
                publish(fresh, path)
                return Restored(path, None)
            _refuse_workers(path, clock())
            return Restored(path, _replace(path, fresh))


def sqlite_file(url: str) -> Path:
    """Return the file of a SQLite URL; other databases have programs of their own for this."""
    path = file_of(url)
    if path is None:
        raise StorageError(
            f"The database {make_url(url)!r} is not a file. Use its own programs, for PostgreSQL "
            "pg_dump and pg_restore."
        )
    return path


def _take(source: Path, fresh: Path) -> None:
    if not source.is_file():
        raise StorageError(f"There is no backup {str(source)!r}.")
    copy_pages(source, fresh)
    check(fresh, f"The backup {str(source)!r}")
    with closing(sqlite3.connect(fresh)) as connection:
        try:
            found = connection.execute("SELECT value FROM symphony_meta WHERE key = 'schema'")
            revision = found.fetchone()
        except sqlite3.OperationalError:
            revision = None
    if revision is None:
        raise StorageError(f"The file {str(source)!r} is not a backup of Symphony's database.")
    refuse_newer(revision[0], repr(str(source)))


def _refuse_workers(path: Path, now: datetime) -> None:
    # A damaged database, or one without the table, has no worker to tell of.
    with suppress(sqlite3.Error, ValidationError), closing(sqlite3.connect(path)) as connection:
        for (body,) in connection.execute("SELECT body FROM worker_beat"):
            beat = WorkerBeat.model_validate_json(body)
            if beat.is_alive(now):
                raise StorageError(
                    f"The worker {beat.owner!r} uses the database {str(path)!r}. Stop the "
                    "dashboard and all workers, wait ten seconds, then try again."
                )


def _replace(path: Path, fresh: Path) -> Path:
    kept = free_name(path, "before-restore")
    try:
        with _alone(path) as connection, closing(sqlite3.connect(fresh)) as backup:
            with temporary_beside(kept) as copy:
                with closing(sqlite3.connect(copy)) as target:
                    connection.backup(target)
                publish(copy, kept)
            backup.backup(connection)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        _set_aside(path, kept)  # it is no database any more, so nobody can use it either
        publish(fresh, path)
    return kept


@contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database so that no other connection has it open, or raise a `StorageError`.

    Every connection keeps a shared lock on a database with a write-ahead log, also while it does
    nothing; the log can only be left with none of them there.
    """
    with closing(sqlite3.connect(path, LOCK_SECONDS, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")  # the lock stays until the connection is closed
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise StorageError(
                f"Another process uses the database {str(path)!r}. Stop the dashboard, all "
                "workers and all other programs that have it open, then try again."
            ) from None
        yield connection


def _set_aside(path: Path, kept: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(kept.with_name(kept.name + ending))
