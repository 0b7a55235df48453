"""The store in a SQL database: one table a class, one transaction for whatever is saved together."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    func,
    select,
    type_coerce,
)

from symphony_core.entity import Entity
from symphony_core.errors import StorageError
from symphony_core.persistence.database import Database, locate
from symphony_core.persistence.repository import Filter, Repository, T
from symphony_core.persistence.selection import Selection
from symphony_core.persistence.sql_reads import compares_as_python, every, fetch_all, is_one_of, one
from symphony_core.persistence.sql_tables import MOMENTS, fields_of, table_for
from symphony_core.persistence.sql_writes import Deleting, Removing, Saving
from symphony_core.persistence.writes import Caller, Write, check_id, first_reason


class DamagedRow(NamedTuple):
    """A row that is not a readable entity, and why."""

    table: str
    id: str
    reason: str


class SQLModelRepository(Repository[T]):
    """Keeps entities in a table of the database at a URL such as `sqlite:///data/symphony.db`.

    Filters and orders by a field without a column of its own are right, but read every row.
    """

    def __init__(self, entity_class: type[T], url: str) -> None:
        super().__init__(entity_class)
        self._url = locate(url)
        self._table = table_for(entity_class)
        self._columns = fields_of(self._table)
        known: type[Entity] = entity_class if issubclass(entity_class, Entity) else Entity
        self._are_few, self._is_fleeting = known.are_few, known.is_fleeting
        self._damaged: list[DamagedRow] = []

    def damaged(self) -> list[DamagedRow]:
        """Return the rows that the latest search could not read."""
        return list(self._damaged)

    async def find_by_id(self, entity_id: str) -> T | None:
        """Return the entity, or None; `StorageError` if its row is damaged."""
        found, damaged = await self._fetch(
            one(self._table), {"key": check_id(entity_id)}, is_short=True
        )
        if damaged:
            raise StorageError(
                f"The {self.kind} {entity_id!r} in the table {self._table.name!r} cannot be read: "
                f"{damaged[0].reason}. Restore the database from a backup, or delete it."
            )
        return found[0][0] if found else None

    async def find_page(
        self,
        filter: Filter | None = None,
        *,
        order_by: str = "created_at",
        descending: bool = True,
        limit: int | None = 50,
        offset: int = 0,
        search: str | None = None,
    ) -> list[T]:
        """Return some of what is found, sorted by a field and then by id."""
        field = self._order_field(order_by, limit, offset)
        conditions, rest = self._split(self._select(filter, search))
        if rest or field not in self._columns:
            return await super().find_page(
                filter,
                order_by=order_by,
                descending=descending,
                limit=limit,
                offset=offset,
                search=search,
            )
        columns = (self._columns[field], self._columns["id"])
        order = [c.desc().nulls_last() if descending else c.asc().nulls_first() for c in columns]
        rows = (
            every(self._table)
            .where(*conditions)
            .order_by(*order)
            .limit(limit)
            .offset(offset or None)
        )
        found, self._damaged = await self._fetch(rows)
        return [entity for entity, _ in found]

    async def find_fields(
        self,
        fields: Sequence[str],
        filter: Filter | None = None,
        *,
        order_by: str = "created_at",
        limit: int | None = 50,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """Return only some fields of what `find_page` would; the rest is not read."""
        self._check_fields(fields)
        field = self._order_field(order_by, limit, offset)
        conditions, rest = self._split(self._select(filter))
        whole = partial(super().find_fields, fields, filter, order_by=order_by)
        if rest or field not in self._columns:
            return await whole(limit=limit, offset=offset)
        body = type_coerce(self._table.c.body, JSON)
        order = (self._columns[field].desc().nulls_last(), self._columns["id"].desc())
        rows = select(*(body[name] for name in fields)).where(*conditions).order_by(*order)
        paged = rows.limit(limit).offset(offset or None)
        readers = [_reader(self.entity_class, name) for name in fields]
        try:
            found = await self._database.read(lambda c: c.execute(paged).all(), self._table)
            return [
                {name: read(value) for name, read, value in zip(fields, readers, row, strict=True)}
                for row in found
            ]
        except (StorageError, ValueError):  # a damaged row, which hides no good one
            return await whole(limit=limit, offset=offset)

    async def count(self, filter: Filter | None = None, *, search: str | None = None) -> int:
        """Return how many there are."""
        conditions, rest = self._split(self._select(filter, search))
        if rest:
            return await super().count(filter, search=search)
        counted = select(func.count()).select_from(self._table).where(*conditions)
        return await self._database.read(lambda c: c.execute(counted).scalar_one(), self._table)

    async def versions(self, filter: Filter | None = None) -> dict[str, int]:
        """Return the stored versions by id; the entities themselves are not read."""
        conditions, rest = self._split(self._select(filter))
        if rest:
            return await super().versions(filter)
        pairs = select(self._columns["id"], self._table.c.version).where(*conditions)
        found = await self._database.read(lambda c: c.execute(pairs).all(), self._table)
        return {row[0]: row[1] for row in found}

    async def delete(self, entity_id: str) -> bool:
        """Delete the entity, damaged or not, and tell whether there was one."""
        one = Removing(self._table, check_id(entity_id), is_fleeting=self._is_fleeting)
        return await self._database.write(one, [self._table]) > 0

    async def delete_all(self, filter: Filter) -> int:
        """Delete what the filter finds and return how many they were."""
        conditions, rest = self._split(self._select(filter))
        if rest:
            return await super().delete_all(filter)
        return await self._delete(*conditions)

    async def _put(self, write: Write) -> bool:
        return await self._save([(self._table, write)])

    async def _put_together(self, writes: Sequence[tuple[Repository[Any], Write]]) -> None:
        mine = self._among(writes)
        if len(mine) == len(writes):
            await self._save(mine)
        else:
            await super()._put_together(writes)

    def _begin_together(
        self, writes: Sequence[tuple[Repository[Any], Write]], caller: Caller
    ) -> None:
        mine = self._among(writes)
        if len(mine) == len(writes):
            self._database.begin_to_write(Saving(mine), [table for table, _ in mine], caller)
        else:
            super()._begin_together(writes, caller)

    def _among(self, writes: Sequence[tuple[Repository[Any], Write]]) -> list[tuple[Table, Write]]:
        """Return those that go into this repository's database."""
        return [
            (repository._table, write)
            for repository, write in writes
            if isinstance(repository, SQLModelRepository) and repository._url == self._url
        ]

    async def _scan(self, selection: Selection) -> list[tuple[T, int]]:
        conditions, rest = self._split(selection)
        if conditions:
            rows = every(self._table).where(*conditions)
            found, self._damaged = await self._fetch(rows, rest=rest)
        else:
            found, self._damaged = await self._fetch(every(self._table), {}, rest=rest)
        return found

    @property
    def _database(self) -> Database:
        return Database.open(self._url)

    async def _save(self, writes: Sequence[tuple[Table, Write]]) -> bool:
        return await self._database.write(Saving(writes), [table for table, _ in writes])

    async def _delete(self, *conditions: ColumnElement[bool]) -> int:
        return await self._database.write(
            Deleting(delete(self._table).where(*conditions)), [self._table]
        )

    async def _fetch(
        self,
        rows: Select[Any],
        values: dict[str, Any] | None = None,
        *,
        rest: Selection | None = None,
        is_short: bool = False,
    ) -> tuple[list[tuple[T, int]], list[DamagedRow]]:
        def fetch(connection: Connection) -> tuple[list[tuple[T, int]], list[DamagedRow]]:
            found: list[tuple[T, int]] = []
            damaged: list[DamagedRow] = []
            for row_id, version, body in fetch_all(connection, rows, values):
                try:
                    entity = self._revive(body, version)
                except ValidationError as error:
                    damaged.append(DamagedRow(self._table.name, row_id, first_reason(error)))
                else:
                    if rest is None or rest.matches(entity):
                        found.append((entity, version))
            return found, damaged

        return await self._database.read(fetch, self._table, is_short=is_short or self._are_few)

    def _split(self, selection: Selection) -> tuple[list[ColumnElement[bool]], Selection | None]:
        """Return what the database can look for, and what is left to look for after reading."""
        conditions = []
        rest = {}
        for field, values in selection.wanted.items():
            column = self._columns.get(field)
            if column is None or field in MOMENTS or not compares_as_python(column, values):
                rest[field] = values
            else:
                conditions.append(is_one_of(column, values))
        needle = selection.needle
        if needle and "name" in self._columns:
            conditions.append(self._table.c.folded_name.contains(needle, autoescape=True))
            needle = ""
        return conditions, Selection(rest, needle) if rest or needle else None


@cache
def _reader(entity_class: type[BaseModel], field: str) -> Callable[[Any], Any]:
    """Return what makes a field's value of its JSON."""
    info = entity_class.model_fields[field]
    annotation: Any = Annotated[info.annotation, info]
    return TypeAdapter[Any](annotation).validate_python
