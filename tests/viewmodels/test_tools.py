"""What the pages are told of tools, and the doctor of their file."""

import json
import os
import sys
from pathlib import Path

import pytest

from dashboard import tools
from symphony_core.runtime.doctor import examine
from symphony_core.runtime.settings import database_url, tools_file
from tests.support.running import children

TIME = {"command": sys.executable, "args": ["-m", "mcp_server_time", "--local-timezone=UTC"]}
NOW = "time.get_current_time"


def write(**content: object) -> Path:
    file = tools_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    return file


def test_all_tools_are_listed_with_their_states() -> None:
    shown = {tool.name: tool for tool in tools.list_tools()}
    assert list(shown) == ["calculator", "date_and_time", "search_texts", "fetch_page"]
    assert shown["calculator"].is_ready
    assert (shown["fetch_page"].is_known, shown["fetch_page"].is_ready) == (True, False)
    assert "No address is allowed yet" in shown["fetch_page"].state


def test_servers_are_asked_what_they_have_and_left_alone_again() -> None:
    lost = {"command": "/no/such/command"}
    write(servers={"time": TIME, "lost": lost}, fetch={"allow": ["https://example.org/"]})
    shown = {tool.name: tool for tool in tools.list_tools()}
    assert shown["fetch_page"].is_ready
    assert (shown[NOW].source, shown[NOW].is_ready) == ("Server time", True)
    assert "its command or its folder is not there" in shown["lost"].state
    assert children(os.getpid(), "mcp_server_time") == []
    states = {tool.name: tool for tool in tools.tools_of([NOW, "lost.x", "patience", NOW])}
    assert list(states) == [NOW, "lost.x", "patience"]
    assert states[NOW].is_ready
    assert (states["lost.x"].is_known, states["lost.x"].is_ready) == (True, False)
    assert (states["patience"].is_known, states["patience"].is_ready) == (False, False)
    assert "No tool here" in states["patience"].state


def test_a_changed_file_is_seen() -> None:
    assert len(tools.list_tools()) == 4
    write(servers=[])
    assert "cannot be read" in tools.list_tools()[-1].state
    write()
    assert [tool.name for tool in tools.list_tools(again=True)][-1] == "fetch_page"


@pytest.mark.parametrize(
    ("servers", "says"),
    [
        ({"a": {"command": "no-such-command"}}, "The server 'a': there is no command"),
        ({"a": {"command": sys.executable, "env": ["NO_SUCH"]}}, "NO_SUCH must be set"),
        ({"a b": {}}, "cannot be read"),
    ],
)
def test_the_doctor_names_what_is_wrong_with_the_file(servers: object, says: str) -> None:
    found = [finding for finding in examine(database_url()) if finding.check == "tools"]
    assert found[0].ok
    assert "no file of tools" in found[0].text
    write(servers={"time": TIME})
    (found,) = [finding for finding in examine(database_url()) if finding.check == "tools"]
    assert found.ok
    assert "servers 1" in found.text
    write(servers=servers)
    found = [finding for finding in examine(database_url()) if finding.check == "tools"]
    assert not found[-1].ok
    assert says in found[-1].text
