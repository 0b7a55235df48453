"""What is looked for in a store, and how texts and moments are compared there."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json, to_jsonable_python


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


def moment_text(moment: datetime) -> str:
    """Return a moment as text of fixed width in UTC, so that texts sort like moments."""
    if moment.tzinfo is not UTC:  # which entities' moments are
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def fold(text: str) -> str:
    """Return a text as searches compare it, without what databases cannot compare."""
    return re.sub("[\ud800-\udfff]", "\ue000", text.casefold().replace("\0", "\ufffd"))


def one_of(value: Any) -> list[Any]:
    """Return the values that a filter's value allows, as they are stored."""
    several = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return [to_jsonable_python(each, fallback=repr) for each in several]


def rank(value: Any) -> tuple[int, Any]:
    """Return what values of any kind are sorted by: nothing, then numbers, then texts."""
    if value is None:
        return 0, 0
    if isinstance(value, int | float):
        return 1, value
    if isinstance(value, datetime):
        return 2, moment_text(value)
    return 2, str(value) if isinstance(value, str) else to_json(value).decode()
