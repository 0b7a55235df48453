"""What the administrator's file of tools gives: read when first needed, and when it has changed."""

import importlib
from collections.abc import Mapping
from pathlib import Path

from symphony_core.errors import SymphonyError, ToolUnavailable
from symphony_core.outcomes import describe, in_thread, outcome
from symphony_core.tools import fetch, settings
from symphony_core.tools.functions import FunctionTool
from symphony_core.tools.mcp_server import McpServer
from symphony_core.tools.settings import ToolSettings


class Administered:
    """The functions, the servers and the fetching of one file, which need not be there."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.settings = ToolSettings()
        self.servers: Mapping[str, McpServer] = {}
        self.fetch: FunctionTool | None = None
        self._functions: dict[str, FunctionTool] = {}
        self._changed_at: int | None = None

    async def refresh(self) -> None:
        """Read the file if it has changed; servers whose entry is gone or another are ended.

        Raises:
            ToolUnavailable: it cannot be read.
        """
        if self.file is None:
            return
        changed_at = self.file.stat().st_mtime_ns if self.file.exists() else None
        if changed_at == self._changed_at:
            return
        self.settings = settings.read(self.file)
        self._changed_at, self._functions = changed_at, {}
        rules, before = self.settings.fetch, self.servers
        self.fetch = fetch.fetch_tool(rules) if rules.allow else None
        self.servers = {
            name: before[name]
            if name in before and before[name].entry == entry
            else McpServer(name, entry)
            for name, entry in self.settings.servers.items()
        }
        for name, server in before.items():
            if self.servers.get(name) is not server:
                await server.close()

    @property
    def function_names(self) -> dict[str, str]:
        """Where each function of the file is found, by its name as a tool."""
        return {path.rpartition(":")[2]: path for path in self.settings.functions}

    async def function(self, name: str) -> FunctionTool | None:
        """Return a function of the file as a tool, imported when it is first asked for.

        Raises:
            ToolUnavailable: it cannot be imported, or cannot be a tool.
        """
        path = self.function_names.get(name)
        if path is not None and name not in self._functions:
            tool = await outcome(in_thread(lambda: _imported(path)))
            if isinstance(tool, Exception):
                said = describe(tool).rstrip(".")
                raise ToolUnavailable(
                    f"The function {path!r} in the file of tools {str(self.file)!r} cannot be "
                    f"used: {said}."
                )
            self._functions[name] = tool
        return self._functions.get(name)

    async def close(self) -> None:
        """End the servers that run."""
        for server in self.servers.values():
            await server.close()


def _imported(path: str) -> FunctionTool:
    module, _, name = path.rpartition(":")
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise SymphonyError(f"the module {module!r} has no function {name!r}")
    tool = FunctionTool(function, name=name)
    _ = tool.spec  # an unusable signature shows here
    return tool
