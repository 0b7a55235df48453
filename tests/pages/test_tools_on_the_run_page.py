"""A step's card shows the tools its agent called, one of them a real MCP server's."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import Workflow
from tests.pages.conftest import Open, texts, unfold
from tests.support.scripted import answer_with
from tests.tools.test_rounds import run

NOW = "time.get_current_time"
TIME = {"command": sys.executable, "args": ["-m", "mcp_server_time", "--local-timezone=UTC"]}
CALLS = [
    {"tool": NOW, "arguments": {"timezone": "Asia/Tokyo"}},
    {"tool": "calculator", "arguments": {"expression": "1/0 **<b>*"}},
]


@pytest.fixture
def done(store: ServiceRegistry, tmp_path: Path) -> Workflow:
    file = tmp_path / "tools.json"
    file.write_text(json.dumps({"servers": {"time": TIME}}))
    store.tools.configure(file)
    replies = [
        {"round": 0, "reply": "Let me look at the *clock*.", "calls": CALLS},
        {"reply": "It is late in Tokyo."},
    ]
    answer_with(store, replies)

    async def work() -> Workflow:
        ended, _ = await run(store, NOW, "calculator", "patience")
        await store.tools.close()
        return ended

    return asyncio.run(work())


def test_the_card_lists_the_calls_with_arguments_and_answers(
    open_page: Open, done: Workflow
) -> None:
    at = open_page("run", run=done.id)
    closed = texts(at)
    assert "It is late in Tokyo" in closed
    assert "Asia" not in closed
    at = unfold(at, ":material/build: 2 tool calls, 1 failed")
    shown = texts(at)
    assert "It can use time\\.get\\_current\\_time, calculator\\. No tool here\\: patience" in shown
    assert "First it wrote: Let me look at the \\*clock\\*" in shown
    assert "**1. time\\.get\\_current\\_time**" in shown
    codes = [code.value for code in at.code]
    assert "timezone: Asia/Tokyo" in codes
    assert any('"+09:00' in code or "+09:00" in code for code in codes)
    assert "expression: 1/0 **<b>*" in codes
    assert any("cannot be read" in error.value for error in at.error)


def test_the_log_of_events_names_them(open_page: Open, done: Workflow) -> None:
    at = unfold(open_page("run", run=done.id), "Events")
    rows = at.dataframe[-1].value
    told = dict(zip(rows["What"], rows["Details"], strict=True))
    assert (
        "tool: time.get_current_time" in told["Tool called"] or "calculator" in told["Tool called"]
    )
    assert "Asia/Tokyo" in " ".join(rows["Details"])
    assert "cannot be read" in told["Tool failed"]
    assert rows["#"].tolist() == sorted(rows["#"], reverse=True)


def test_the_replay_says_when_tools_are_called(open_page: Open, done: Workflow) -> None:
    at = open_page("replay", run=done.id)
    protos = [element.proto for element in at.get("bidi_component")]
    told = " ".join(proto.json for proto in protos)
    assert "Work calls time.get_current_time" in told
