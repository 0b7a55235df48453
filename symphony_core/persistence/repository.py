"""The contract of every store, and what all stores share: versions, filters and sorting.

A store has four primitives; the rest has a default here, overridden where a store can do better.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from symphony_core.errors import InvalidQuery, NotStorable
from symphony_core.persistence.selection import Selection, fold, one_of, rank
from symphony_core.persistence.writes import (
    Caller,
    How,
    Write,
    check_id,
    dump,
    id_of,
    set_version,
    storage_name,
    tell,
)

T = TypeVar("T", bound=BaseModel)
Filter = Mapping[str, Any]


class Repository(ABC, Generic[T]):
    """Keeps entities of one class under their ids.

    What it gives and what it takes are copies. An `Entity` carries the version it was read at, and
    is written only if the stored one is still that; a plain model with an id is written blindly.
    """

    def __init__(self, entity_class: type[T]) -> None:
        self.entity_class = entity_class
        self.name = storage_name(entity_class)
        self.kind = self.name.replace("_", " ")

    async def save(self, entity: T) -> str:
        """Store an entity, new or not, and return its id.

        Raises:
            Conflict: it was changed by someone else after it was read.
            NotStorable: it has something that could not be read again.
            StorageError: the store failed.
        """
        write = self._prepare(entity, How.SAVE)
        await self._put(write)
        return write.id

    async def insert(self, entity: T) -> str:
        """Store a new entity and return its id; `AlreadyStored`, a `Conflict`, if the id is taken."""
        write = self._prepare(entity, How.INSERT)
        await self._put(write)
        return write.id

    async def update(self, entity: T) -> bool:
        """Store an entity like `save`, but only where there is one; tell whether there was."""
        return await self._put(self._prepare(entity, How.UPDATE))

    async def find_all(self, filter: Filter | None = None) -> list[T]:
        """Return the entities whose fields equal the filter's, in order of creation.

        A list, tuple or set in the filter means "one of".
        """
        found = await self._scan(self._select(filter))
        return self._sorted([entity for entity, _ in found], self._order_field("created_at"))

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
        """Return some of what is found, sorted by a field and then by id.

        `search` is looked for in the names, whatever the case. A class without `created_at` is
        sorted by id where nothing else is asked.
        """
        field = self._order_field(order_by, limit, offset)
        found = await self._scan(self._select(filter, search))
        entities = self._sorted([entity for entity, _ in found], field, descending)
        return entities[offset:][:limit]

    async def find_fields(
        self,
        fields: Sequence[str],
        filter: Filter | None = None,
        *,
        order_by: str = "created_at",
        limit: int | None = 50,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """Return only some fields of what `find_page` would, the last first: for sums over many."""
        self._check_fields(fields)
        page = await self.find_page(filter, order_by=order_by, limit=limit, offset=offset)
        return [{field: getattr(entity, field) for field in fields} for entity in page]

    async def count(self, filter: Filter | None = None, *, search: str | None = None) -> int:
        """Return how many there are."""
        return len(await self._scan(self._select(filter, search)))

    async def versions(self, filter: Filter | None = None) -> dict[str, int]:
        """Return the stored versions by id, so that a reader reads again only what has changed."""
        found = await self._scan(self._select(filter))
        return {id_of(entity): version for entity, version in found}

    async def delete_all(self, filter: Filter) -> int:
        """Delete what the filter finds and return how many they were."""
        found = await self._scan(self._select(filter))
        return sum([await self.delete(id_of(entity)) for entity, _ in found])

    @abstractmethod
    async def find_by_id(self, entity_id: str) -> T | None:
        """Return the entity, or None. `InvalidId` if the text cannot be an id at all."""

    @abstractmethod
    async def delete(self, entity_id: str) -> bool:
        """Delete the entity and tell whether there was one. `InvalidId` as in `find_by_id`."""

    @abstractmethod
    async def _put(self, write: "Write") -> bool:
        """Compare and write in one go; False where `write.next_version` says there is nothing to."""

    @abstractmethod
    async def _scan(self, selection: "Selection") -> list[tuple[T, int]]:
        """Return everything readable that matches, with its stored version, in any order."""

    async def _put_together(self, writes: Sequence[tuple["Repository[Any]", "Write"]]) -> None:
        for repository, write in writes:
            await repository._put(write)

    def _begin_together(
        self, writes: Sequence[tuple["Repository[Any]", "Write"]], caller: Caller
    ) -> None:
        putting = asyncio.ensure_future(self._put_together(writes))
        _PUTTING.add(putting)  # the event loop itself would let go of it
        putting.add_done_callback(_PUTTING.discard)
        putting.add_done_callback(partial(tell, caller))

    def _prepare(self, entity: T, how: "How") -> "Write":
        if type(entity) is not self.entity_class:
            raise NotStorable(f"This store keeps {self.entity_class.__name__}, not {entity!r:.80}.")
        body = "" if how is How.CHECK else dump(self.kind, entity)
        return Write(self.kind, entity, check_id(id_of(entity)), body, how)

    def _revive(self, body: str, version: int) -> T:
        entity = self.entity_class.model_validate_json(body)
        set_version(entity, version)
        return entity

    def _select(self, filter: Filter | None, search: str | None = None) -> "Selection":
        wanted = {field: one_of(value) for field, value in (filter or {}).items()}
        self._check_fields([*wanted, "name"] if search else wanted)
        return Selection(wanted, fold(search or ""))

    def _order_field(self, order_by: str, limit: int | None = None, offset: int = 0) -> str:
        if offset < 0 or (limit or 0) < 0:
            raise InvalidQuery(f"A page has no limit {limit} or offset {offset}: use 0 or more.")
        if order_by == "created_at" and order_by not in self.entity_class.model_fields:
            return "id"
        self._check_fields([order_by])
        return order_by

    def _sorted(self, entities: list[T], field: str, descending: bool = False) -> list[T]:
        def key(entity: T) -> tuple[Any, str]:
            return rank(getattr(entity, field)), id_of(entity)

        return sorted(entities, key=key, reverse=descending)

    def _check_fields(self, names: Iterable[str]) -> None:
        fields = self.entity_class.model_fields
        unknown = [name for name in names if name not in fields]
        if unknown:
            raise InvalidQuery(
                f"A {self.kind} has no field {unknown[0]!r} to filter, sort or search by. "
                f"It has {', '.join(fields)}."
            )


async def save_together(
    writes: Sequence[tuple[Repository[Any], BaseModel]],
    *,
    new: Sequence[tuple[Repository[Any], BaseModel]] = (),
    unchanged: Sequence[tuple[Repository[Any], BaseModel]] = (),
) -> None:
    """Save entities of several repositories; nothing is written before all were found storable.

    `new` are inserted. `unchanged` are not written: all is refused with a `Conflict` if one of
    them has been changed or deleted since it was read, or stored where it was not there. In one
    SQL database it is one transaction: all or nothing. Else they are saved in this order, what is
    checked first.
    """
    prepared = _prepared(writes, new, unchanged)
    if prepared:
        await prepared[0][0]._put_together(prepared)


def begin_to_save_together(
    caller: Caller,
    writes: Sequence[tuple[Repository[Any], BaseModel]],
    *,
    new: Sequence[tuple[Repository[Any], BaseModel]] = (),
    unchanged: Sequence[tuple[Repository[Any], BaseModel]] = (),
) -> None:
    """Begin what `save_together` does, with at least one entity, and tell the caller of its end.

    For what comes with every step of every run: no task is made to wait for a database.
    """
    prepared = _prepared(writes, new, unchanged)
    prepared[0][0]._begin_together(prepared, caller)


_Entities = Sequence[tuple[Repository[Any], BaseModel]]
_PUTTING: set[asyncio.Future[None]] = set()


def _prepared(
    writes: _Entities, new: _Entities, unchanged: _Entities
) -> list[tuple[Repository[Any], Write]]:
    asked = [(How.CHECK, unchanged), (How.INSERT, new), (How.SAVE, writes)]
    return [(repo, repo._prepare(entity, how)) for how, some in asked for repo, entity in some]
