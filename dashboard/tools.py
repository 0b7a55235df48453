"""What a page may ask for about tools. Servers are started to be asked what they have, and ended."""

from collections.abc import Sequence
from functools import cache
from threading import Lock

from dashboard import store
from dashboard.bridge import wait_for
from dashboard.viewmodels.tools import ToolView, tool_views, views_of
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.settings import database_url, tools_file
from symphony_core.tools.base import ToolInfo


def list_tools(*, again: bool = False) -> list[ToolView]:
    """Return all tools with their states, as they were when they were first asked for.

    They are looked at again when the file of tools has changed, or if so wished. That starts its
    servers, so the first time takes seconds.
    """
    return tool_views(_shelf(database_url()).look(again=again))


def tools_of(names: Sequence[str]) -> list[ToolView]:
    """Return what an agent's words name, each with its state, also those that are no tool here."""
    return views_of(names, list_tools())


class _Shelf:
    """The tools of one registry, kept from one look to the next."""

    def __init__(self, registry: ServiceRegistry) -> None:
        self._tools = registry.tools
        self._lock = Lock()
        self._found: list[ToolInfo] | None = None
        self._changed_at: int | None = None

    def look(self, *, again: bool) -> list[ToolInfo]:
        file = tools_file()
        changed_at = file.stat().st_mtime_ns if file.exists() else None
        with self._lock:  # two sessions at once start the servers once
            if again or self._found is None or changed_at != self._changed_at:
                self._found, self._changed_at = wait_for(self._ask()), changed_at
            return self._found

    async def _ask(self) -> list[ToolInfo]:
        try:
            return await self._tools.look()
        finally:
            await self._tools.close()


@cache
def _shelf(url: str) -> _Shelf:
    return _Shelf(store.registry())
