"""A workflow as it was saved once; nobody changes it."""

from typing import Any

from pydantic import ConfigDict, Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class WorkflowVersion(Entity):
    """One saved state of a workflow; `number` grows with each, and runs name it."""

    model_config = ConfigDict(frozen=True)

    definition_id: str
    number: int = Field(ge=1)
    document: dict[str, Any]
    created_at: UtcDatetime = Field(default_factory=utc_now)
