"""A connection to an MCP server, and the server's process where it is one of ours.

A task of its own opens and closes each connection, for only the task that opened it may close it.
Everything here runs in the background loop.
"""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from symphony_core.errors import ToolError, ToolUnavailable
from symphony_core.models.scrub import scrub
from symphony_core.outcomes import describe, in_thread, outcome
from symphony_core.tools.settings import ServerEntry

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult

_MOST_PAGES = 20  # of a server's list of tools
_LINES_KEPT = 5  # of what a server says on its standard error
_READ_SECONDS = 1.0  # for its last words to be read when it has ended


class Connection:
    """Opens at once, in a task of its own, and stays open until it is closed."""

    def __init__(self, name: str, entry: ServerEntry) -> None:
        self._name = name
        self._entry = entry
        self._said: deque[str] = deque(maxlen=_LINES_KEPT)
        self._closing = asyncio.Event()
        self._client: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._holder = asyncio.create_task(self._hold())

    @property
    def is_open(self) -> bool:
        """Whether it has been opened; the server may have died since."""
        return self._client.done() and self._client.exception() is None

    @property
    def last_words(self) -> str:
        """The last line that the server wrote on its standard error, or how it refused us."""
        return scrub(self._said[-1]).rstrip(".") if self._said else ""

    async def list_tools(self) -> list[Any]:
        """Return the tools that the server has now."""
        client = await asyncio.shield(self._client)
        async with asyncio.timeout(self._entry.start_seconds):
            page = await client.list_tools(cache_mode="refresh")
            tools = list(page.tools)
            for _ in range(_MOST_PAGES):
                if page.next_cursor is None:
                    break
                page = await client.list_tools(cursor=page.next_cursor, cache_mode="refresh")
                tools += page.tools
        return tools

    async def call(self, tool: str, arguments: dict[str, Any]) -> str:
        """Call a tool and return what it answers as text.

        Raises:
            ToolError: the tool says that it could not.
        """
        client = await asyncio.shield(self._client)
        result = await client.call_tool(tool, arguments)
        text = _text(result)
        if result.is_error:
            raise ToolError(scrub(text) or f"{self._name}.{tool} failed without a reason.")
        return text

    async def close(self) -> None:
        """Close it, and end the server's process; return when that has been done."""
        self._closing.set()
        if not self._client.done():  # it is still being opened
            self._holder.cancel()
        await asyncio.shield(asyncio.wait([self._holder]))

    async def _hold(self) -> None:
        failure = await outcome(self._stay_open())
        if not self._client.done():
            self._client.set_exception(failure or ToolUnavailable("It was closed."))
            self._client.exception()  # it has been seen, even if nobody waits for it any more

    async def _stay_open(self) -> None:
        from mcp import Client  # noqa: PLC0415  (a slow import)

        async with AsyncExitStack() as stack:
            transport = await stack.enter_async_context(_transport(self._entry, self._said))
            async with asyncio.timeout(self._entry.start_seconds):
                client = await stack.enter_async_context(Client(transport))
            self._client.set_result(client)
            await self._closing.wait()


@asynccontextmanager
async def _transport(entry: ServerEntry, said: deque[str]) -> AsyncIterator[Any]:
    """Prepare the way to a server; it is opened by whoever uses it."""
    from mcp import StdioServerParameters  # noqa: PLC0415  (slow imports)
    from mcp.client.stdio import stdio_client  # noqa: PLC0415
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415

    if entry.url:
        token = _variables((entry.token_env,)) if entry.token_env else {}
        async with _http_client(said, *token.values()) as http:
            yield streamable_http_client(entry.url, http_client=http)
        return
    parameters = StdioServerParameters(
        command=str(entry.command),
        args=list(entry.args),
        env=_variables(entry.env),
        cwd=entry.folder,
    )
    out, into = os.pipe()
    listener = Thread(target=_listen, args=(out, said), name="mcp-stderr", daemon=True)
    listener.start()
    try:
        with os.fdopen(into, "w") as errors:
            yield stdio_client(parameters, errlog=errors)
    finally:
        await in_thread(partial(listener.join, _READ_SECONDS))


def _listen(out: int, said: deque[str]) -> None:
    with os.fdopen(out, errors="replace") as lines:
        said.extend(line.strip() for line in lines if line.strip())


def _variables(names: tuple[str, ...]) -> dict[str, str]:
    missing = [name for name in names if name not in os.environ]
    if missing:
        raise ToolUnavailable(f"it needs {' and '.join(missing)} to be set")
    return {name: os.environ[name] for name in names}


def _http_client(said: deque[str], token: str = "") -> Any:
    from httpx2 import AsyncClient, Response, Timeout  # noqa: PLC0415  (a slow import)

    async def note(response: Response) -> None:  # the protocol's client hides what was refused
        if response.is_error:
            said.append(f"HTTP {response.status_code} {response.reason_phrase}".rstrip())

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # What may take long is limited where it is waited for.
    return AsyncClient(
        headers=headers,
        timeout=Timeout(None, connect=10.0),
        event_hooks={"response": [note]},
    )


def _text(result: "CallToolResult") -> str:
    parts = [
        block.text if block.type == "text" else f"[{block.type} left out]"
        for block in result.content
    ]
    if not parts and result.structured_content is not None:
        return to_json(result.structured_content).decode()
    return "\n".join(parts)


def is_closed(error: Exception) -> bool:
    """Tell whether an error means that the server is gone."""
    from mcp import MCPError  # noqa: PLC0415  (a slow import)
    from mcp.types import CONNECTION_CLOSED  # noqa: PLC0415

    cause = _cause(error)
    return isinstance(cause, OSError) or (
        isinstance(cause, MCPError) and cause.code == CONNECTION_CLOSED
    )


def reason_of(error: Exception, last_words: str) -> str:
    """Return why a server cannot be used, as the end of a sentence."""
    cause = _cause(error)
    added = f" ({last_words})" if last_words else ""
    if isinstance(cause, TimeoutError):
        return f"it did not answer in time{added}"
    if isinstance(cause, FileNotFoundError):
        return "its command or its folder is not there"
    if is_closed(error):
        return f"it ended at once ({last_words or 'it gave no reason'})"
    return scrub(describe(cause)).rstrip(".") + added


def _cause(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
