"""What is asked of a table: everything, one row, or the rows whose columns hold certain values."""

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    or_,
    select,
)
from sqlalchemy.engine.interfaces import DBAPICursor

MOST_VALUES = 500  # a longer "one of" is compared after reading: databases limit what they take


@cache
def every(table: Table) -> Select[Any]:
    """Return what asks for the id, version and body of every row."""
    return select(table.c.id, table.c.version, table.c.body)


@cache
def one(table: Table) -> Select[Any]:
    """Return what asks for the same of the row whose id is the value `key`."""
    return every(table).where(table.c.id == bindparam("key", type_=String))


def fetch_all(
    connection: Connection, rows: Select[Any], values: dict[str, Any] | None
) -> Iterable[Any]:
    """Return the rows; with values, even none, as one of the questions asked again and again.

    Such a question is compiled once and goes straight to the driver, in a third of the time.
    """
    if values is None:
        return connection.execute(rows)
    with closing(cursor_of(connection)) as cursor:
        cursor.execute(_compiled(rows, connection.dialect), values)
        return cursor.fetchall()


def cursor_of(connection: Connection) -> DBAPICursor:
    """Return a cursor of the driver's own, past SQLAlchemy's, which takes as long as a short row."""
    driver = connection.connection.dbapi_connection
    assert driver is not None  # it is there for as long as the connection is not closed
    return driver.cursor()


@cache
def _compiled(rows: Select[Any], dialect: Dialect) -> str:
    return str(rows.compile(dialect=dialect))


def compares_as_python(column: Column[Any], values: Sequence[Any]) -> bool:
    """Tell whether the database compares a column with these values as Python does."""
    kind = int if isinstance(column.type, Integer) else str
    return len(values) <= MOST_VALUES and all(
        value is None
        or (type(value) is kind is str and not re.search("[\ud800-\udfff]", value))
        or (type(value) is kind is int and abs(value) < 2**63)
        for value in values
    )


def is_one_of(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these values, of which None may be one."""
    known = [value for value in values if value is not None]
    among = column == known[0] if len(known) == 1 else column.in_(known)
    return or_(among, column.is_(None)) if None in values else among
