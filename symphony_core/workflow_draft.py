"""A workflow as somebody is building it: perhaps not finished, and kept all the same."""

from typing import Any

from pydantic import Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now


class WorkflowDraft(Entity):
    """The document that is worked on; its id is the workflow's.

    `based_on` is the number of the saved version that it began with, 0 for none. The document need
    not be valid, and its name may be empty.
    """

    name: str = ""
    document: dict[str, Any] = Field(default_factory=dict)
    based_on: int = Field(default=0, ge=0)
    editor: str = ""
    changed_at: UtcDatetime = Field(default_factory=utc_now)
