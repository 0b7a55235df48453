"""The tools there are, by name: built in, registered by a program, or of the administrator's file.

An agent's list may hold any words. Those that are the name of a tool here are tools; the others
go on to be words.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from symphony_core.errors import DefinitionError, ToolUnavailable
from symphony_core.tools import fetch, search
from symphony_core.tools.administered import Administered
from symphony_core.tools.base import SECONDS, Tool, ToolInfo
from symphony_core.tools.calculator import calculator
from symphony_core.tools.clock import date_and_time
from symphony_core.tools.functions import FunctionTool

F = TypeVar("F", bound=Callable[..., Any])

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_READY = "Ready."


def _built_in() -> list[FunctionTool]:
    return [FunctionTool(calculator), FunctionTool(date_and_time)]


class ToolRegistry:
    """Finds the tools that an agent may use. Nothing here is bound to an event loop."""

    def __init__(self) -> None:
        self._built_in = {tool.name: tool for tool in _built_in()}
        self._registered: dict[str, FunctionTool] = {}
        self._administered = Administered(None)

    def register(self, function: F, *, name: str | None = None, seconds: float = SECONDS) -> F:
        """Make a function a tool, by its own name unless another is given, and return it.

        What models are told of it are its signature and its docstring. A call may take `seconds`.

        Raises:
            DefinitionError: it cannot be one, or the name is taken.
        """
        tool = FunctionTool(function, name=name, seconds=seconds)
        if not _NAME.fullmatch(tool.name):
            raise DefinitionError(
                f"A tool cannot be called {tool.name!r}: take up to 64 letters, digits, '-' and "
                "'_', and begin with a letter."
            )
        if tool.name in (*self._built_in, *self._registered, search.NAME, fetch.NAME):
            raise DefinitionError(f"There is a tool {tool.name!r} already. Give it another name.")
        _ = tool.spec  # an unusable signature shows here
        self._registered[tool.name] = tool
        return function

    def configure(self, file: Path) -> None:
        """Take the administrator's tools from a file, which need not be there yet."""
        self._administered = Administered(file)

    async def equip(self, names: Sequence[str], texts: Mapping[str, str]) -> dict[str, Tool]:
        """Return the tools among an agent's words by their names; servers are started for them.

        `texts` are what the agent may search.

        Raises:
            ToolUnavailable: one is there, but cannot be used as things are.
        """
        found = {}
        for name in dict.fromkeys(names):
            tool = await self._find(name, texts)
            if tool is not None:
                found[name] = tool
        return found

    async def known(self, names: Sequence[str]) -> list[str]:
        """Return which of an agent's words are the name of a tool here; nothing is started."""
        with suppress(ToolUnavailable):
            await self._administered.refresh()
        own = {*self._built_in, *self._registered, search.NAME, fetch.NAME}
        own |= self._administered.function_names.keys()
        servers = self._administered.servers
        return [n for n in dict.fromkeys(names) if n in own or n.partition(".")[0] in servers]

    async def look(self) -> list[ToolInfo]:
        """Return all tools as people see them; every server is started for it."""
        own = {name: ("Built in", tool) for name, tool in self._built_in.items()}
        own[search.NAME] = "Built in", search.search_tool({})
        own |= {name: ("Function", tool) for name, tool in self._registered.items()}
        shown = [
            ToolInfo(n, source, tool.summary, True, _READY) for n, (source, tool) in own.items()
        ]
        try:
            await self._administered.refresh()
        except ToolUnavailable as error:
            return [*shown, ToolInfo(str(self._administered.file), "File", "", False, str(error))]
        shown.append(self._fetching())
        for name in self._administered.function_names:
            shown.append(await self._function(name))
        of_servers = await asyncio.gather(*map(self._of_server, self._administered.servers))
        return [*shown, *(info for infos in of_servers for info in infos)]

    async def close(self) -> None:
        """End the servers that were started; the next use starts them again."""
        await self._administered.close()

    async def _find(self, name: str, texts: Mapping[str, str]) -> Tool | None:
        own = self._built_in.get(name) or self._registered.get(name)
        if own is not None:
            return own
        if name == search.NAME:
            return search.search_tool(texts)
        if " " in name:  # words, whatever is in the file
            return None
        await self._administered.refresh()
        if name == fetch.NAME:
            return self._administered.fetch
        server, dot, tool = name.partition(".")
        if dot and server in self._administered.servers:
            return (await self._administered.servers[server].tools()).get(tool)
        return await self._administered.function(name)

    def _fetching(self) -> ToolInfo:
        summary = "Fetch a web page as text, from the addresses that are allowed."
        allow = self._administered.settings.fetch.allow
        state = f"Ready for {', '.join(allow)}" if allow else "No address is allowed yet."
        return ToolInfo(fetch.NAME, "Built in", summary, bool(allow), state)

    async def _function(self, name: str) -> ToolInfo:
        try:
            tool = await self._administered.function(name)
        except ToolUnavailable as error:
            return ToolInfo(name, "Function", "", False, str(error))
        return ToolInfo(name, "Function", tool.summary if tool else "", True, _READY)

    async def _of_server(self, name: str) -> list[ToolInfo]:
        source = f"Server {name}"
        try:
            tools = await self._administered.servers[name].tools()
        except ToolUnavailable as error:
            return [ToolInfo(name, source, "", False, str(error))]
        specs = [tool.spec for tool in tools.values()]
        return [ToolInfo(s.name, source, s.description, True, _READY) for s in specs]
