"""How connections to SQLite are set up."""

import sqlite3
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random


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
        retry=retry_if_exception(_is_locked),
        wait=wait_random(0.01, 0.05),
        stop=stop_after_delay(seconds),
        reraise=True,
    ):
        with attempt:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _is_locked(error: BaseException) -> bool:
    cause = error.orig if isinstance(error, OperationalError) else None
    return (
        isinstance(cause, sqlite3.OperationalError)
        and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
    )
