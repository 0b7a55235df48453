"""What the saved states of workflows and of agents have in common."""

from typing import Any

from pydantic import ConfigDict, Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class SavedVersion(Entity):
    """One saved state of something, as its document; nobody changes it.

    `number` grows with each state, and runs name it.
    """

    model_config = ConfigDict(frozen=True)

    number: int = Field(ge=1)
    document: dict[str, Any]
    created_at: UtcDatetime = Field(default_factory=utc_now)
