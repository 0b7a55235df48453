"""Tools as the pages show them: those that are here, and words of an agent that are none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symphony_core.tools.base import ToolInfo

NOT_HERE = "No tool here: it stays a word that says what the agent is for."


@dataclass(frozen=True)
class ToolView:
    """A tool by its name; `is_known` is false of a word that is the name of no tool here.

    `state` says in a sentence whether it can be used, `source` where it comes from.
    """

    name: str
    source: str
    description: str
    is_known: bool
    is_ready: bool
    state: str


def tool_views(found: Iterable[ToolInfo]) -> list[ToolView]:
    """Return the tools that are here, in their order."""
    return [ToolView(t.name, t.source, t.description, True, t.ready, t.state) for t in found]


def views_of(names: Sequence[str], there: Sequence[ToolView]) -> list[ToolView]:
    """Return the tools that an agent's words name, each with its state.

    A server that cannot be used stands for all tools whose names begin with its own.
    """
    known = {tool.name: tool for tool in there}
    return [
        known.get(name) or _of_server(name, known) or ToolView(name, "", "", False, False, NOT_HERE)
        for name in dict.fromkeys(names)
    ]


def _of_server(name: str, known: dict[str, ToolView]) -> ToolView | None:
    server = known.get(name.partition(".")[0])
    if server is None or server.is_ready or server.name == name:
        return None
    return ToolView(name, server.source, "", True, False, server.state)
