"""The contract of every store, and what all stores share: versions, filters and sorting.

A store has four primitives; the rest has a default here, overridden where a store can do better.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json, to_jsonable_python

from symphony_core.entity import Entity
from symphony_core.errors import AlreadyStored, Conflict, InvalidId, InvalidQuery, NotStorable
from symphony_core.ids import ID_RULE, is_id

T = TypeVar("T", bound=BaseModel)
Filter = Mapping[str, Any]

_STRICT_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, skipkeys=True, default=str)


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

    def _prepare(self, entity: T, how: "How") -> "Write":
        if type(entity) is not self.entity_class:
            raise NotStorable(f"This store keeps {self.entity_class.__name__}, not {entity!r:.80}.")
        return Write(self.kind, entity, check_id(id_of(entity)), dump(self.kind, entity), how)

    def _revive(self, body: str, version: int) -> T:
        entity = self.entity_class.model_validate_json(body)
        set_version(entity, version)
        return entity

    def _select(self, filter: Filter | None, search: str | None = None) -> "Selection":
        wanted = {field: _one_of(value) for field, value in (filter or {}).items()}
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
            return _rank(getattr(entity, field)), id_of(entity)

        return sorted(entities, key=key, reverse=descending)

    def _check_fields(self, names: Iterable[str]) -> None:
        fields = self.entity_class.model_fields
        unknown = [name for name in names if name not in fields]
        if unknown:
            raise InvalidQuery(
                f"A {self.kind} has no field {unknown[0]!r} to filter, sort or search by. "
                f"It has {', '.join(fields)}."
            )


async def save_together(writes: Sequence[tuple[Repository[Any], BaseModel]]) -> None:
    """Save entities of several repositories; nothing is written before all were found storable.

    In one SQL database it is one transaction: all or nothing. Else they are saved in this order.
    """
    prepared = [(repo, repo._prepare(entity, How.SAVE)) for repo, entity in writes]
    if prepared:
        await prepared[0][0]._put_together(prepared)


class How(Enum):
    """What may be there already."""

    SAVE = auto()
    INSERT = auto()
    UPDATE = auto()


@dataclass(frozen=True, slots=True)
class Write:
    """An entity on its way into a store; the body is what it was when the write was asked for."""

    kind: str
    entity: BaseModel
    id: str
    body: str
    how: How

    def next_version(self, stored: int | None) -> int | None:
        """Return the version to write, or None for an update of what is not there.

        Raises:
            Conflict: the stored version is not the one the entity was read at.
        """
        if stored is None and self.how is How.UPDATE:
            return None
        if stored is not None and self.how is How.INSERT:
            raise AlreadyStored(self.kind, self.id)
        held = self.entity.version if isinstance(self.entity, Entity) else 0
        if held and stored is not None and held != stored:
            raise Conflict(self.kind, self.id)
        return max(held, stored or 0) + 1


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked for: for each field the values it may have, and a text in the name."""

    wanted: dict[str, list[Any]]
    needle: str

    def matches(self, entity: BaseModel) -> bool:
        """Tell whether an entity is looked for."""
        if self.needle and self.needle not in fold(str(getattr(entity, "name", ""))):
            return False
        data = entity.model_dump(mode="json", include=set(self.wanted)) if self.wanted else {}
        return all(data[field] in values for field, values in self.wanted.items())


def check_id(entity_id: object) -> str:
    """Return what may be an id; `InvalidId` for anything else, so that no path is made of it."""
    if isinstance(entity_id, str) and is_id(entity_id):
        return entity_id
    raise InvalidId(f"{entity_id!r:.100} cannot be an id. An id is {ID_RULE}.")


def dump(kind: str, entity: BaseModel) -> str:
    """Return an entity as JSON text that gives it back; `NotStorable` if there is none."""
    try:
        body = entity.model_dump_json(warnings=False)
        again = type(entity).model_validate_json(body)
        if again.__dict__ != entity.__dict__:  # a tuple become a list is fine, a lost NaN is not
            data = entity.model_dump(warnings=False)
            _STRICT_JSON.encode(data).encode()
    except ValueError as error:
        which = f"The {kind} {id_of(entity)!r:.80}"
        raise NotStorable(f"{which} cannot be stored: {first_reason(error)}.") from error
    return body


def storage_name(entity_class: type[BaseModel]) -> str:
    """Return the name of a class's table or folder: `agent_config` for `AgentConfig`."""
    between = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
    name = re.sub(between, "_", entity_class.__name__).lower()
    if "id" not in entity_class.model_fields or not re.fullmatch(r"[a-z_][a-z0-9_]{0,59}", name):
        raise NotStorable(
            f"{entity_class.__name__!r} cannot be stored: a stored class has a field `id` and a "
            "name of up to 60 ASCII letters, digits and underscores."
        )
    return name


def id_of(entity: BaseModel) -> str:
    """Return the id of an entity or of any other model that has one."""
    entity_id: str = getattr(entity, "id", "")
    return entity_id


def set_version(entity: BaseModel, version: int) -> None:
    """Note the stored version on an entity; a plain model has no place for it."""
    if isinstance(entity, Entity):
        entity.set_version(version)


def first_reason(error: ValueError) -> str:
    """Return what is wrong in one line; the first thing where pydantic found several."""
    if not isinstance(error, ValidationError):
        return str(error).rstrip(".")
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def moment_text(moment: datetime) -> str:
    """Return a moment as text of fixed width in UTC, so that texts sort like moments."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


def fold(text: str) -> str:
    """Return a text as searches compare it, without what databases cannot compare."""
    return re.sub("[\ud800-\udfff]", "\ue000", text.casefold().replace("\0", "\ufffd"))


def _one_of(value: Any) -> list[Any]:
    several = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return [to_jsonable_python(each, fallback=repr) for each in several]


def _rank(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    if isinstance(value, int | float):
        return 1, value
    if isinstance(value, datetime):
        return 2, moment_text(value)
    return 2, str(value) if isinstance(value, str) else to_json(value).decode()
