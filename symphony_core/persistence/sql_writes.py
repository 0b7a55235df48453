"""What is done with a table in a transaction: saving entities under their versions, and deleting."""

from collections.abc import Sequence
from contextlib import closing
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import (
    Connection,
    Delete,
    Dialect,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.engine.interfaces import DBAPICursor

from symphony_core.entity import Entity
from symphony_core.errors import AlreadyStored, Conflict, NotStorable
from symphony_core.persistence.sql_reads import cursor_of
from symphony_core.persistence.sql_tables import row_values
from symphony_core.persistence.writes import How, Write

FEW_ROWS = 20  # an event loop may wait for so many

_Row = dict[str, Any]
_Entry = tuple[Table, Write, _Row]


class Saving:
    """Writes entities whose data was taken when the write was asked for.

    Every step of every run comes through here, so the statements are compiled once and go
    straight to the driver: that takes a third of the time.
    """

    def __init__(self, writes: Sequence[tuple[Table, Write]]) -> None:
        # What is there comes before what is new: a row that grows as its table's last one has
        # SQLite write fewer pages than one in the middle.
        there: list[_Entry] = []
        new: list[_Entry] = []
        for table, write in writes:
            how = write.how
            is_new = how is How.INSERT or (how is How.SAVE and not write.held)
            row: _Row = row_values(table, write.entity)
            row["key"] = write.id
            (new if is_new else there).append((table, write, row))
        self._entries = there + new
        self._noted: list[tuple[Entity, int]] = []

    @property
    def is_short(self) -> bool:
        """Whether they are few."""
        return len(self._entries) <= FEW_ROWS

    @property
    def is_fleeting(self) -> bool:
        """Whether none of them need be there after a power cut."""
        for _, write, _ in self._entries:
            if not isinstance(write.entity, Entity) or not write.entity.is_fleeting:
                return False
        return True

    def run(self, connection: Connection) -> bool:
        """Write, and tell whether anything was written; a `Conflict` undoes all of it."""
        dialect = connection.dialect
        written = False
        cursor = cursor_of(connection)
        try:
            for table, write, row in self._entries:
                statements = _statements(table, dialect)
                if write.how is How.CHECK:
                    write.next_version(_stored_version(cursor, statements, row))
                else:
                    written |= self._store(cursor, dialect, statements, write, row)
        finally:
            cursor.close()
        return written

    def undo(self) -> None:
        """Take back the versions noted for what was not committed."""
        while self._noted:
            entity, version = self._noted.pop()
            entity.set_version(version)

    def _store(
        self,
        cursor: DBAPICursor,
        dialect: Dialect,
        statements: "_Statements",
        write: Write,
        row: _Row,
    ) -> bool:
        held = write.held
        row |= {"held": held, "version": held + 1, "body": write.body}
        try:
            if not _store_at_once(cursor, statements, write.how, row):
                stored = _stored_version(cursor, statements, row)
                version = write.next_version(stored)
                if version is None:
                    return False
                row["version"] = version
                cursor.execute(statements.overwrite if stored else statements.insert, row)
        except dialect.loaded_dbapi.IntegrityError:
            refusal = AlreadyStored if write.how is How.INSERT else Conflict
            raise refusal(write.kind, write.id) from None
        except (dialect.loaded_dbapi.DataError, OverflowError) as error:
            raise NotStorable(f"The {write.kind} {write.id!r} is too large: {error}.") from error
        self._note(write.entity, held, row["version"])
        return True

    def _note(self, entity: BaseModel, held: int, version: int) -> None:
        if isinstance(entity, Entity):
            self._noted.append((entity, held))
            entity.set_version(version)


class Removing:
    """Deletes one row by its id, which every run does at its end."""

    is_short = True

    def __init__(self, table: Table, entity_id: str, *, is_fleeting: bool) -> None:
        self._table = table
        self._id = entity_id
        self.is_fleeting = is_fleeting

    def run(self, connection: Connection) -> int:
        """Delete it, and return how many rows there were."""
        statements = _statements(self._table, connection.dialect)
        with closing(cursor_of(connection)) as cursor:
            cursor.execute(statements.delete, {"key": self._id})
            return cursor.rowcount

    def undo(self) -> None:
        """Nothing was done outside of the database."""


class Deleting:
    """Deletes what a statement says, which may be much."""

    is_short = False
    is_fleeting = False

    def __init__(self, statement: Delete) -> None:
        self._statement = statement

    def run(self, connection: Connection) -> int:
        """Delete, and return how many rows there were."""
        return connection.execute(self._statement).rowcount

    def undo(self) -> None:
        """Nothing was done outside of the database."""


def _store_at_once(cursor: DBAPICursor, statements: "_Statements", how: How, row: _Row) -> bool:
    """Write with one statement where all is as expected, which it nearly always is."""
    if how is How.INSERT:
        cursor.execute(statements.insert, row)
        return True
    if not row["held"]:
        return False
    cursor.execute(statements.update, row)
    return cursor.rowcount == 1


def _stored_version(cursor: DBAPICursor, statements: "_Statements", row: _Row) -> int | None:
    cursor.execute(statements.version, row)
    stored = cursor.fetchone()
    return stored[0] if stored else None


class _Statements(NamedTuple):
    version: str
    insert: str
    update: str  # of the version that is held
    overwrite: str
    delete: str


@cache
def _statements(table: Table, dialect: Dialect) -> _Statements:
    is_named = table.c.id == bindparam("key", type_=String)
    others = {c.name: bindparam(c.name, type_=c.type) for c in table.columns if c.name != "id"}
    key = [name for name in others if name in table.primary_key.columns]
    is_it = and_(is_named, *(table.c[name] == others[name] for name in key))
    values = {name: value for name, value in others.items() if name not in key}
    # "For update" is for databases whose writers do not exclude each other; SQLite's do.
    version = select(table.c.version).where(is_it).with_for_update()
    new = insert(table).values(id=bindparam("key", type_=String), **others)
    overwrite = update(table).where(is_it).values(values)
    same = overwrite.where(table.c.version == bindparam("held", type_=Integer))
    every = (version, new, same, overwrite, delete(table).where(is_named))
    return _Statements(*(str(each.compile(dialect=dialect)) for each in every))
