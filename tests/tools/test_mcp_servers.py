"""Real MCP servers as processes, through runs."""

import asyncio
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from symphony_core.errors import ToolError, ToolUnavailable
from symphony_core.tools.registry import ToolRegistry
from tests.support.running import children
from tests.support.scripted import answer_with
from tests.tools.test_rounds import run

TIME = {"command": sys.executable, "args": ["-m", "mcp_server_time", "--local-timezone=UTC"]}
NOW = "time.get_current_time"
DIES = "import sys; sys.exit('the key is missing')"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "tools.json"


@pytest.fixture
async def tools(file):
    registry = ToolRegistry()
    registry.configure(file)
    yield registry
    await registry.close()


def write(file: Path, **content) -> None:
    file.write_text(json.dumps(content))


def servers(*words: str) -> list[int]:
    return children(os.getpid(), *words)


async def test_an_agent_calls_a_tool_of_a_real_server_in_a_run(registry, file):
    write(file, servers={"time": TIME})
    registry.tools.configure(file)
    call = {"tool": NOW, "arguments": {"timezone": "Asia/Tokyo"}}
    wrong = {"tool": NOW, "arguments": {"timezone": "Nowhere"}}
    answer_with(
        registry,
        [
            {"round": 0, "calls": [wrong, {"tool": "time.convert_time"}]},
            {"round": 1, "calls": [call]},
            {"reply": "{answer}"},
        ],
    )
    done, row = await run(registry, NOW, "time.nothing", "time")
    assert done.status == "completed"
    assert json.loads(row.output)["timezone"] == "Asia/Tokyo"
    assert row.equipment == f"It can use {NOW}. No tool here: time.nothing, time."
    failed, not_had, use = row.tool_uses
    assert failed.failed
    assert "Invalid timezone" in failed.answer
    assert "There is no tool 'time.convert_time'" in not_had.answer
    assert "+09:00" in use.answer
    assert len(servers("mcp_server_time")) == 1
    await registry.tools.close()
    assert servers("mcp_server_time") == []


async def test_several_at_once_share_one_server_which_is_started_again_when_it_has_died(
    tools, file
):
    write(file, servers={"time": TIME})
    found = await asyncio.gather(*(tools.equip([NOW], {}) for _ in range(5)))
    (process,) = servers("mcp_server_time")
    calls = [each[NOW].call({"timezone": "UTC"}) for each in found]
    assert all("UTC" in answer for answer in await asyncio.gather(*calls))
    os.kill(process, 9)
    with pytest.raises(ToolUnavailable, match="'time' ended while 'get_current_time' was called"):
        await found[0][NOW].call({"timezone": "UTC"})
    again = await tools.equip([NOW], {})
    assert "UTC" in await again[NOW].call({"timezone": "UTC"})
    os.kill(servers("mcp_server_time")[0], 9)  # it may also die while nobody calls it
    again = await tools.equip([NOW], {})
    assert "UTC" in await again[NOW].call({"timezone": "UTC"})


async def test_a_server_that_dies_in_a_call_fails_the_step(registry, file):
    write(file, servers={"time": TIME})
    registry.tools.configure(file)

    def kill() -> str:
        """Kill the server."""
        for process in servers("mcp_server_time"):
            os.kill(process, 9)
        return "killed"

    registry.tools.register(kill)
    calls = [{"tool": "kill"}, {"tool": NOW, "arguments": {"timezone": "UTC"}}]
    answer_with(registry, [{"round": 0, "calls": calls}, {"reply": "Never"}])
    done, row = await run(registry, "kill", NOW)
    assert (done.status, row.status, row.attempt) == ("failed", "failed", 1)
    assert "The tool server 'time' ended while" in row.error
    assert row.tool_uses[-1].failed


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"command": sys.executable, "args": ["-c", DIES]}, "ended at once (the key is missing)"),
        ({"command": "/no/such/command"}, "its command or its folder is not there"),
        ({"command": "sleep", "args": ["60"], "start_seconds": 0.5}, "did not answer in time"),
        ({"command": "true", "env": ["NO_SUCH_VARIABLE"]}, "needs NO_SUCH_VARIABLE to be set"),
        ({"url": "http://127.0.0.1:9/mcp"}, "cannot be used: "),
    ],
)
async def test_a_server_that_does_not_start_fails_the_step_with_the_reason(
    registry, file, entry, says
):
    write(file, servers={"shop": entry})
    registry.tools.configure(file)
    answer_with(registry, [{"reply": "Never"}])
    done, row = await run(registry, "shop.buy")
    assert done.status == "failed"
    assert "The tool server 'shop' cannot be used: " in row.error
    assert says in row.error
    assert (await registry.tools.look())[-1].ready is False
    assert servers("sleep", "60") == []


async def test_a_server_gets_of_the_environment_only_what_its_entry_names(
    tools, file, tmp_path, monkeypatch
):
    monkeypatch.setenv("SHOP_KEY", "abc")
    monkeypatch.setenv("OTHER_KEY", "def")
    program = tmp_path / "shop.py"
    program.write_text(
        "import os\nfrom mcp.server import MCPServer\nserver = MCPServer('shop')\n"
        "@server.tool()\ndef environment() -> str:\n    'Tell the environment.'\n"
        "    return ' '.join(sorted(os.environ)) + os.environ['SHOP_KEY'] + os.getcwd()\n"
        "server.run('stdio')\n"
    )
    command = {"command": sys.executable, "args": [str(program)], "folder": str(tmp_path)}
    write(file, servers={"shop": {**command, "env": ["SHOP_KEY"]}})
    found = await tools.equip(["shop.environment"], {})
    told = await found["shop.environment"].call({})
    assert "SHOP_KEY" in told
    assert f"abc{tmp_path}" in told
    assert "OTHER_KEY" not in told


async def test_a_call_takes_no_longer_than_its_server_may_and_cancelling_ends_it(
    tools, file, tmp_path
):
    program = tmp_path / "slow.py"
    program.write_text(
        "import asyncio\nfrom mcp.server import MCPServer\nserver = MCPServer('slow')\n"
        "@server.tool()\nasync def wait() -> str:\n    'Wait.'\n    await asyncio.sleep(600)\n"
        "server.run('stdio')\n"
    )
    write(file, servers={"slow": {"command": sys.executable, "args": [str(program)], "seconds": 7}})
    tool = (await tools.equip(["slow.wait"], {}))["slow.wait"]
    assert tool.seconds == 7
    running = asyncio.create_task(tool.call({}))
    await asyncio.sleep(0.2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_server_at_a_url_gets_the_token_of_its_variable(tools, file, monkeypatch):
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format, *args):
            pass

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(self.headers["Authorization"])
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("SHOP_TOKEN", "very-secret-value")
    url = f"http://127.0.0.1:{server.server_port}/mcp"
    write(file, servers={"shop": {"url": url, "token_env": "SHOP_TOKEN"}})
    try:
        with pytest.raises(ToolUnavailable) as refused:
            await tools.equip(["shop.buy"], {})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert set(seen) == {"Bearer very-secret-value"}
    assert "(HTTP 401 Unauthorized)" in str(refused.value)
    assert "very-secret-value" not in str(refused.value)


async def test_a_changed_file_counts_from_the_next_step_on(tools, file):
    assert await tools.equip([NOW, "fetch_page"], {}) == {}
    write(file, servers={"time": TIME}, fetch={"allow": ["https://example.org/"]})
    assert list(await tools.equip([NOW, "fetch_page"], {})) == [NOW, "fetch_page"]
    assert len(servers("mcp_server_time")) == 1
    write(file, servers={"clock": TIME})
    assert await tools.equip([NOW, "fetch_page"], {}) == {}
    assert servers("mcp_server_time") == []


async def test_functions_of_the_file_are_imported(tools, file, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "their_tools.py").write_text(
        "def double(n: int) -> int:\n    'Double a number.'\n    return 2 * n\n"
    )
    (tmp_path / "their_broken_tools.py").write_text("raise ValueError('half written')\n")
    names = ["their_tools:double", "their_tools:gone", "their_broken_tools:x"]
    write(file, functions=names)
    found = await tools.equip(["double"], {})
    assert await found["double"].call({"n": 21}) == "42"
    shown = {info.name: info for info in await tools.look()}
    assert (shown["double"].ready, shown["double"].description) == (True, "Double a number.")
    assert "has no function 'gone'" in shown["gone"].state
    assert "half written" in shown["x"].state
    with pytest.raises(ToolUnavailable, match="half written"):
        await tools.equip(["x"], {})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"server": {}}', "server: Extra inputs"),
        ('{"servers": {"a": {}}}', "servers.a: Value error, a server has either"),
        ('{"servers": {"a": {"command": "x", "url": "http://y"}}}', "either a command or a url"),
        ('{"servers": {"a": {"url": "file:///x"}}}', "begins with http"),
        ('{"servers": {"a": {"url": "http://y", "args": ["x"]}}}', "args, env and folder go"),
        ('{"servers": {"a.b": {"command": "x"}}}', "servers.a.b"),
        ('{"fetch": {"allow": ["file:///etc"]}}', "fetch.allow"),
        ('{"functions": ["os.system"]}', "functions.0"),
    ],
)
async def test_a_file_that_cannot_be_read_is_a_sentence_and_hides_no_built_in_tool(
    tools, file, content, says
):
    file.write_text(content)
    assert list(await tools.equip(["calculator", "web research"], {})) == ["calculator"]
    with pytest.raises(ToolUnavailable) as refused:
        await tools.equip([NOW], {})
    assert str(file) in str(refused.value)
    assert says in str(refused.value)
    assert says in (await tools.look())[-1].state


async def test_what_a_server_says_is_wrong_is_an_error_for_the_model(tools, file):
    write(file, servers={"time": TIME})
    found = await tools.equip([NOW], {})
    with pytest.raises(ToolError, match="timezone"):
        await found[NOW].call({"zone": 1})
