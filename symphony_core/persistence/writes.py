"""An entity on its way into a store: what may be there already, and its data as text."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from symphony_core.entity import Entity
from symphony_core.errors import AlreadyStored, Conflict, InvalidId, NotStorable
from symphony_core.ids import ID_RULE, is_id

_STRICT_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, skipkeys=True, default=str)


class How(Enum):
    """What may be there already."""

    SAVE = auto()
    INSERT = auto()
    UPDATE = auto()
    CHECK = auto()  # only that it has not changed; nothing is written


@dataclass(slots=True)
class Write:
    """An entity on its way into a store; the body is what it was when the write was asked for."""

    kind: str
    entity: BaseModel
    id: str
    body: str
    how: How

    @property
    def held(self) -> int:
        """The version the entity was read at; 0 for one that is new or has no version."""
        return self.entity.version if isinstance(self.entity, Entity) else 0

    def next_version(self, stored: int | None) -> int | None:
        """Return the version to write, or None if nothing is to be written.

        Raises:
            Conflict: the stored version is not the one the entity was read at.
        """
        if stored is None and self.how is How.UPDATE:
            return None
        if stored is not None and self.how is How.INSERT:
            raise AlreadyStored(self.kind, self.id)
        held = self.held
        if self.how is How.CHECK:
            if held != (stored or 0):
                raise Conflict(self.kind, self.id)
            return None
        if held and stored is not None and held != stored:
            raise Conflict(self.kind, self.id)
        return max(held, stored or 0) + 1


class Caller(Protocol):
    """Who is told what became of what it asked for, in its event loop: a future, for one."""

    def cancelled(self) -> bool:
        """Tell whether it is not wanted any more."""

    def done(self) -> bool:
        """Tell whether there is nothing more to be told."""

    def set_result(self, result: Any, /) -> None:
        """Hear that it is done, and what it gave."""

    def set_exception(self, exception: BaseException, /) -> None:
        """Hear that nothing of it is done, and why."""


class Told:
    """A caller that hears by a call, and never ceases to want what it asked for."""

    def __init__(
        self, done: Callable[[Any], None], undone: Callable[[BaseException], None]
    ) -> None:
        self.set_result = done
        self.set_exception = undone

    def cancelled(self) -> bool:
        """Never."""
        return False

    def done(self) -> bool:
        """It wants to be told whatever comes."""
        return False


def tell(caller: Caller, ended: asyncio.Future[Any]) -> None:
    """Tell a caller what became of a future that has ended."""
    error = asyncio.CancelledError() if ended.cancelled() else ended.exception()
    if error is None:
        caller.set_result(ended.result())
    else:
        caller.set_exception(error)


def check_id(entity_id: object) -> str:
    """Return what may be an id; `InvalidId` for anything else, so that no path is made of it."""
    if is_id(entity_id):
        return entity_id
    raise InvalidId(f"{entity_id!r:.100} cannot be an id. An id is {ID_RULE}.")


def dump(kind: str, entity: BaseModel) -> str:
    """Return an entity as JSON text that gives it back; `NotStorable` if there is none."""
    try:
        if isinstance(entity, Entity) and entity.stores_plain:
            # As `model_dump_json` does: to hand on its many options takes a fourth of the time.
            return entity.__pydantic_serializer__.to_json(entity, warnings=False).decode()
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
