"""How connections to SQLite are set up."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from symphony_core.errors import StorageError


def set_up(connection: Any, _: object) -> None:
    """Set what holds for every new connection of the driver."""
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def use_write_ahead_log(connection: Connection) -> None:
    """Keep readers and the writer apart; a file stays that way for all who open it.

    SQLite does not wait here while another process writes, or switches too: so we do, as long as
    the connection waits for any lock.
    """
    seconds = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() / 1000
    for attempt in Retrying(
        retry=retry_if_exception(is_locked),
        wait=wait_random(0.01, 0.05),
        stop=stop_after_delay(seconds),
        reraise=True,
    ):
        with attempt:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def is_locked(error: BaseException) -> bool:
    """Tell whether SQLite refused because somebody else writes."""
    cause = error.orig if isinstance(error, OperationalError) else error
    code = getattr(cause, "sqlite_errorcode", 0)  # its lowest byte says what, the others why
    return isinstance(cause, sqlite3.OperationalError) and code & 0xFF == sqlite3.SQLITE_BUSY


def make_file(path: Path, name: str) -> None:
    """Make a database file that only its owner can read.

    Never open one that exists: closing it would drop the locks of all its connections.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StorageError(f"{name} cannot be made: {error.strerror}.") from error
