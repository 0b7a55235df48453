"""A look at a database that cannot change it: no table is made, no schema upgraded."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from symphony_core.persistence.database import locate
from symphony_core.persistence.sql_errors import name_of, no_driver, storage_error
from symphony_core.persistence.sqlite_copy import open_read_only


@contextmanager
def look_at(url: str) -> Iterator[Connection]:
    """Open a database that must be there, as it is at one moment."""
    parsed = make_url(locate(url))
    try:
        with _engine(parsed).connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection
    except SQLAlchemyError as error:
        raise storage_error(name_of(parsed), error) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        connect = partial(_connect, Path(str(url.database)))
        return create_engine("sqlite://", creator=connect, poolclass=NullPool)
    try:
        return create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    except (ImportError, NoSuchModuleError):
        raise no_driver(url) from None


def _connect(path: Path) -> sqlite3.Connection:
    connection = open_read_only(path)
    connection.isolation_level = None  # a transaction begins where `BEGIN` is said
    return connection
