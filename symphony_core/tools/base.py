"""What every tool has, and how one is shown."""

from dataclasses import dataclass
from typing import Any, Protocol

from symphony_core.models.base import ToolSpec

SECONDS = 30.0  # that a call may take unless its tool says otherwise


class Tool(Protocol):
    """Something that a model can have done; `seconds` is how long one call may take."""

    seconds: float

    @property
    def spec(self) -> ToolSpec:
        """What the model is told of it."""
        ...

    async def call(self, arguments: dict[str, Any]) -> str:
        """Do it, and return the answer.

        Raises:
            ToolError: it could not be done, and the model should know why.
            ToolUnavailable: it cannot be done as things are, so that the step has failed.
        """
        ...


@dataclass(frozen=True)
class ToolInfo:
    """A tool as people see it: where it comes from, and whether it can be used, in a sentence."""

    name: str
    source: str
    description: str
    ready: bool
    state: str
