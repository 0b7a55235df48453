"""One MCP server: started when a tool of it is first needed, and ended with this process.

Everything about a connection happens in the background loop, where it outlives the callers' own.
"""

from typing import Any

from symphony_core.errors import ToolError, ToolUnavailable
from symphony_core.models.base import ToolSpec
from symphony_core.models.loop import in_background
from symphony_core.models.scrub import scrub
from symphony_core.outcomes import describe, outcome
from symphony_core.tools.mcp_connection import Connection, is_closed, reason_of
from symphony_core.tools.settings import ServerEntry


class McpTool:
    """A tool of a server."""

    def __init__(self, server: "McpServer", name: str, spec: ToolSpec) -> None:
        self.spec = spec
        self.seconds = server.entry.seconds
        self._server = server
        self._name = name

    async def call(self, arguments: dict[str, Any]) -> str:
        """Have the server do it; see `Tool`."""
        return await self._server.call(self._name, arguments)


class McpServer:
    """A server of the administrator's file, and the connection to it while there is one."""

    def __init__(self, name: str, entry: ServerEntry) -> None:
        self.name = name
        self.entry = entry
        self._connection: Connection | None = None

    async def tools(self) -> dict[str, McpTool]:
        """Return its tools by their own names; start it if it does not run.

        Raises:
            ToolUnavailable: it does not start, or does not answer.
        """
        listed = await in_background(lambda _: self._list())
        return {
            tool.name: McpTool(
                self,
                tool.name,
                ToolSpec(f"{self.name}.{tool.name}", tool.description or "", tool.input_schema),
            )
            for tool in listed
        }

    async def call(self, tool: str, arguments: dict[str, Any]) -> str:
        """Have one of its tools called.

        Raises:
            ToolError: the tool could not do it.
            ToolUnavailable: the server is gone.
        """
        return await in_background(lambda _: self._call(tool, arguments))

    async def close(self) -> None:
        """End it, if it runs."""
        await in_background(lambda _: self._drop(self._connection))

    async def _list(self) -> list[Any]:
        running = self._connection
        if running is not None and running.is_open:
            listed = await outcome(running.list_tools())
            if not isinstance(listed, Exception):
                return listed
            await self._drop(running)  # it has died meanwhile: it is started again
        if self._connection is None:
            self._connection = Connection(self.name, self.entry)
        connection = self._connection
        listed = await outcome(connection.list_tools())
        if isinstance(listed, Exception):
            await self._drop(connection)
            raise ToolUnavailable(
                f"The tool server {self.name!r} cannot be used: "
                f"{reason_of(listed, connection.last_words)}. "
                "Whoever runs Symphony can see to it; its entry stands in the file of tools."
            )
        return listed

    async def _call(self, tool: str, arguments: dict[str, Any]) -> str:
        connection = self._connection
        if connection is None:
            raise ToolUnavailable(f"The tool server {self.name!r} has been ended.")
        answer = await outcome(connection.call(tool, arguments))
        if not isinstance(answer, Exception):
            return answer
        if is_closed(answer):
            await self._drop(connection)
            anew = "connected to" if self.entry.url else "started"
            raise ToolUnavailable(
                f"The tool server {self.name!r} ended while {tool!r} was called. "
                f"Check what it did, then run the step again: the server is {anew} anew."
            )
        if isinstance(answer, ToolError):
            raise answer
        raise ToolError(f"{self.name}.{tool} failed: {scrub(describe(answer)).rstrip('.')}.")

    async def _drop(self, connection: Connection | None) -> None:
        if connection is None:
            return
        if self._connection is connection:
            self._connection = None
        await connection.close()
