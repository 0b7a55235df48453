"""Something that is done once in the life of a store, and not again."""

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class StoreMark(Entity):
    """A note under a fixed id that something has been done."""

    done_at: UtcDatetime = Field(default_factory=utc_now)
