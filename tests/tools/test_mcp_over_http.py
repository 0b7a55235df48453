"""A real MCP server at a URL, through runs."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from symphony_core.errors import ToolUnavailable
from tests.support.processes import end, until
from tests.support.scripted import answer_with
from tests.tools.test_mcp_servers import write
from tests.tools.test_rounds import run

PRICE = "shop.price"
TOKEN = "very-secret-value"


def shop() -> MCPServer:
    server = MCPServer("shop", log_level="ERROR")

    @server.tool()
    def price(item: str) -> str:
        """Tell what an item costs."""
        if item == "nothing":
            raise ToolError("There is no such item.")
        return f"A {item} costs 3 €."

    return server


class Site:
    """The shop at a URL, which keeps its port, and no session, when it is opened again."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.tokens: set[str] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    @contextmanager
    def open(self) -> Iterator[None]:
        app = shop().streamable_http_app(**self.options)

        async def noted(scope: Any, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
            if scope["type"] == "http":
                self.tokens.add(dict(scope["headers"]).get(b"authorization", b"").decode())
            await app(scope, receive, send)

        config = uvicorn.Config(
            noted, port=self.port, log_level="critical", timeout_graceful_shutdown=0
        )
        listener = config.bind_socket()
        listener.listen()  # who comes before the server runs waits for it
        self.port = listener.getsockname()[1]
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize(
    "options",
    [{}, {"json_response": True}, {"stateless_http": True}],
    ids=["", "json", "stateless"],
)
async def test_an_agent_calls_a_tool_of_a_server_at_a_url_in_a_run(
    registry, tmp_path, monkeypatch, options
):
    monkeypatch.setenv("SHOP_TOKEN", TOKEN)
    site = Site(**options)
    calls = [{"tool": PRICE, "arguments": {"item": item}} for item in ("nothing", "hat")]
    answer_with(registry, [{"round": 0, "calls": calls}, {"reply": "{answer}"}])
    with site.open():
        write(
            tmp_path / "tools.json", servers={"shop": {"url": site.url, "token_env": "SHOP_TOKEN"}}
        )
        registry.tools.configure(tmp_path / "tools.json")
        done, row = await run(registry, PRICE)
        assert (done.status, row.output) == ("completed", "A hat costs 3 €.")
        assert row.equipment == f"It can use {PRICE}."
        failed, use = row.tool_uses
        assert failed.failed
        assert "no such item" in failed.answer
        assert (use.failed, use.answer) == (False, "A hat costs 3 €.")
        assert {info.description for info in await registry.tools.look()} >= {
            "Tell what an item costs."
        }
        await registry.tools.close()
    assert site.tokens == {f"Bearer {TOKEN}"}


async def test_a_server_that_was_restarted_is_found_again_by_the_next_step(registry, tmp_path):
    site = Site()
    call = {"tool": PRICE, "arguments": {"item": "hat"}}
    answer_with(registry, [{"round": 0, "calls": [call]}, {"reply": "{answer}"}])
    with site.open():
        write(tmp_path / "tools.json", servers={"shop": {"url": site.url}})
        registry.tools.configure(tmp_path / "tools.json")
        first, _ = await run(registry, PRICE)
        equipped = await registry.tools.equip([PRICE], {})
    assert first.status == "completed"
    with pytest.raises(ToolUnavailable, match="'shop' ended while 'price' .* connected to anew"):
        await equipped[PRICE].call({"item": "hat"})
    failed, _ = await run(registry, PRICE)
    assert failed.status == "failed"
    assert "The tool server 'shop' cannot be used" in failed.error
    with site.open():
        again, row = await run(registry, PRICE)
        assert (again.status, row.output) == ("completed", "A hat costs 3 €.")
    with site.open():  # it knows nothing of our session, which only the next step can find out
        again, _ = await run(registry, PRICE)
        assert again.status == "completed"
        await registry.tools.close()


SLOW = """
import asyncio
from mcp.server import MCPServer
server = MCPServer("slow", log_level="ERROR")
@server.tool()
async def wait() -> str:
    "Wait."
    print("called", flush=True)
    await asyncio.sleep(600)
server.run("streamable-http", port={port})
"""


@contextmanager
def slow_server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens some time after it was started, and says when its tool is called."""
    command = [sys.executable, "-c", SLOW.format(port=port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        yield server
    finally:
        end(server)


async def test_a_server_that_is_killed_in_a_call_is_missed_at_once(registry, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    entry = {"url": f"http://127.0.0.1:{port}/mcp", "seconds": 600}
    write(tmp_path / "tools.json", servers={"slow": entry})
    registry.tools.configure(tmp_path / "tools.json")

    async def equipped() -> Any:
        with suppress(ToolUnavailable):  # it does not listen yet
            return await registry.tools.equip(["slow.wait"], {})

    with slow_server(port) as server:
        tool = (await until(equipped))["slow.wait"]
        calling = asyncio.create_task(tool.call({}))
        await asyncio.to_thread(server.stdout.readline)
        server.kill()
        with pytest.raises(ToolUnavailable, match="'slow' ended while 'wait' was called"):
            await calling
