"""The revision of a database's tables: made new, brought up to date, or not ours to touch.

The number of the revision stands in the table `symphony_meta`, where every version of Symphony
looks first. Tables of users' own classes belong to no revision; they are made when first used.
"""

import logging
from collections.abc import Callable

from sqlalchemy import Connection, Table, func, insert, inspect, select, update
from sqlalchemy.schema import CreateIndex, CreateTable

from symphony_core.errors import StorageError
from symphony_core.persistence.sql_tables import BUILT_IN, META, SCHEMA_VERSION

CURRENT = str(SCHEMA_VERSION)
UPGRADE_SECONDS = 120  # how long one process waits while another upgrades
_UPGRADE_LOCK = 0x73796D70  # PostgreSQL's name for that wait: any number that is ours

_log = logging.getLogger(__name__)


def revision(connection: Connection) -> str | None:
    """Return the revision of a database; None if it is new."""
    if not inspect(connection).has_table(META.name):
        return None
    found: str | None = connection.scalar(select(META.c.value).where(META.c.key == "schema"))
    return found


def refuse_newer(found: str | None, name: str) -> None:
    """Raise a `StorageError` for a revision that this version does not know."""
    if found is not None and not (found.isdecimal() and 0 < int(found) <= SCHEMA_VERSION):
        raise StorageError(
            f"The database {name} was written by another version of Symphony: its schema is "
            f"{found}, and this version knows those up to {CURRENT}. Use that version, or restore "
            "a backup of an older one; nothing was changed."
        )


def settle(connection: Connection, name: str, copy: Callable[[str], None]) -> None:
    """Make a database current within a transaction that keeps all other writers out.

    `copy` is called with the revision before an older database is changed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
    found = revision(connection)  # looked up again: another process may have been faster
    refuse_newer(found, name)
    if found is None:
        for table in BUILT_IN.values():
            create_table(connection, table)
        connection.execute(insert(META), {"key": "schema", "value": CURRENT})
    elif found != CURRENT:
        _upgrade(connection, name, found, copy)


def create_table(connection: Connection, table: Table) -> None:
    """Create a table with its indexes where it is missing."""
    connection.execute(CreateTable(table, if_not_exists=True))
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        connection.execute(CreateIndex(index, if_not_exists=True))


def _upgrade(connection: Connection, name: str, found: str, copy: Callable[[str], None]) -> None:
    from symphony_core.persistence import migrations  # noqa: PLC0415  (Alembic takes its time)

    copy(found)
    migrations.upgrade(connection, int(found))
    connection.execute(update(META).where(META.c.key == "schema").values(value=CURRENT))
    _log.info("the database %s goes from schema %s to %s", name, found, CURRENT)
