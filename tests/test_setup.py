"""What a fresh machine is told to do, what the scripts do there, and how the dashboard is served."""

import ast
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE, ROOT

SCRIPTS = ROOT / "scripts"
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
COLOURS = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


def test_requirements_are_the_dependencies_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == project["dependencies"]


def test_the_readme_opens_with_the_two_commands_of_a_fresh_machine() -> None:
    block = re.search(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    assert block is not None
    assert block[1].splitlines() == ["python3 scripts/start", "python3 scripts/test"]


@pytest.mark.parametrize("name", ["_setup.py", "start", "test", "check", "build"])
def test_a_python_that_is_too_old_can_read_the_scripts_and_so_say_so(name: str) -> None:
    ast.parse((SCRIPTS / name).read_text(), feature_version=(3, 7))


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_start_names_a_port_that_is_none(port: str) -> None:
    ended = start(f"--port={port}")
    assert ended.returncode == 1
    assert ended.stderr == f"{port!r} is no port: give a number from 1 to 65535.\n"


def test_start_names_a_port_that_is_taken_before_it_installs_anything() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = start(f"--port={port}")
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be had")
    assert ended.stdout == ""


def test_set_up_does_only_what_is_missing(tmp_path: Path) -> None:
    shutil.copytree(SCRIPTS, tmp_path / "scripts")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("")
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to("a-python-that-was-removed")

    first = set_up(tmp_path)
    assert re.fullmatch(
        r"Making \.venv \.\.\. \S+ s\nInstalling the requirements \.\.\. \S+ s\n", first.stdout
    )
    assert set_up(tmp_path).stdout == ""

    requirements.write_text("# something changed\n")
    assert re.fullmatch(r"Installing the requirements \.\.\. \S+ s\n", set_up(tmp_path).stdout)

    requirements.write_text("symphony-needs-this\n")
    failed = set_up(tmp_path)
    assert failed.returncode == 1
    assert "pip could not install the requirements (ERROR: No matching" in failed.stderr
    assert "PIP_INDEX_URL" in failed.stderr
    assert set_up(tmp_path).returncode == 1, "what failed must be tried again"


def test_set_up_gets_the_web_checks_when_their_lock_has_changed(tmp_path: Path) -> None:
    shutil.copytree(SCRIPTS, tmp_path / "scripts")
    web = tmp_path / "tests" / "web"
    web.mkdir(parents=True)
    lock = {"name": "none", "lockfileVersion": 3, "packages": {"": {"name": "none"}}}
    (web / "package.json").write_text('{"name": "none"}')
    (web / "package-lock.json").write_text(json.dumps(lock))

    first = set_up(tmp_path, "web")
    assert re.fullmatch(r"Installing the web checks \.\.\. \S+ s\n", first.stdout), first
    assert set_up(tmp_path, "web").stdout == ""

    (web / "package-lock.json").write_text("no lock")
    failed = set_up(tmp_path, "web")
    assert failed.returncode == 1
    assert re.search(r"npm could not install .* \(npm (error|ERR!) code \w+\)", failed.stderr)
    assert set_up(tmp_path, "web").returncode == 1, "what failed must be tried again"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("def test_one(): pass", 0),
        ("import pytest\n@pytest.mark.skip\ndef test_one(): pass\ndef test_two(): pass", 1),
        ("import pytest\npytest.skip('none', allow_module_level=True)", 1),
        ("import pytest\n@pytest.mark.xfail\ndef test_one(): assert False", 0),
    ],
    ids=["nothing skipped", "a test", "a module", "a known failure"],
)
def test_a_skipped_test_fails_a_complete_run(source: str, code: int, tmp_path: Path) -> None:
    file = tmp_path / "test_some.py"
    file.write_text(source)
    plugin = ["-p", "tests.support.no_skips", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", *plugin, f"--rootdir={tmp_path}", str(file)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    # pytest itself has a code of its own for a run without any test
    assert bool(ended.returncode) == bool(code), ended.stdout
    assert ("this run fails" in ended.stdout) == bool(code)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_stands_out_from_what_it_stands_on(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    surfaces = [theme["backgroundColor"], theme["secondaryBackgroundColor"]]
    surfaces.append(theme["sidebar"]["backgroundColor"])
    pairs = [("#FFFFFF", theme["primaryColor"])]  # a button's label
    for surface in surfaces:
        pairs += [(theme["textColor"], surface), (theme["linkColor"], surface)]
        pairs.append((mixed(theme["textColor"], surface, 0.6), surface))  # a caption
        pairs += [(theme[f"{colour}TextColor"], surface) for colour in COLOURS]
    pairs += [(theme[f"{c}TextColor"], theme[f"{c}BackgroundColor"]) for c in COLOURS]  # badges
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_and_bars_stand_out_from_the_page(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    marks = [theme["primaryColor"], *theme["chartCategoricalColors"]]
    marks += [theme[f"{colour}Color"] for colour in COLOURS]
    assert [mark for mark in marks if contrast(mark, theme["backgroundColor"]) < 3] == []


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost", None, 101),
        ("127.0.0.1", "http://127.0.0.1", 101),
        ("[::1]", None, 101),
        ("rebound.example", None, 403),
        ("rebound.example", "http://rebound.example", 403),
        ("127.0.0.1", "http://elsewhere.example", 403),
    ],
)
def test_only_this_machine_s_own_names_reach_a_session(
    served: int, host: str, origin: str | None, status: int
) -> None:
    headers = {"Host": f"{host}:{served}", "Connection": "Upgrade", "Upgrade": "websocket"}
    headers |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    if origin:
        headers["Origin"] = origin if origin.endswith(".example") else f"{origin}:{served}"
    connection = http.client.HTTPConnection("127.0.0.1", served, timeout=5)
    connection.request("GET", "/_stcore/stream", headers=headers)
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize("face", CONFIG["theme"]["fontFaces"], ids=lambda face: face["url"])
def test_the_font_comes_from_the_dashboard_itself(served: int, face: dict[str, str]) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{served}/{face['url']}", timeout=5) as answer:
        assert answer.headers["Content-Type"] == "font/woff2"
        assert answer.read(4) == b"wOF2"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running dashboard."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    data = str(tmp_path_factory.mktemp("served"))
    environment = os.environ | {"SYMPHONY_PORT": str(port), "SYMPHONY_DATA_DIR": data}
    environment["SYMPHONY_MODEL"] = "scripted"
    with subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    ) as dashboard:
        try:
            wait_for(port, dashboard)
            yield port
        finally:
            dashboard.send_signal(signal.SIGINT)


def wait_for(port: int, dashboard: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and dashboard.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the dashboard does not answer")


def start(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(SCRIPTS / "start"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def set_up(project: Path, what: str = "environment") -> "subprocess.CompletedProcess[str]":
    """Set a part of a project up without any package index."""
    program = f"import _setup; _setup.run(lambda: int(_setup.{what}() is False))"
    environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=project / "scripts",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def contrast(one: str, other: str) -> float:
    """The ratio that WCAG 2 defines, from 1 to 21."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    shares = [channel / 255 for channel in bytes.fromhex(colour[1:])]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(front: str, back: str, share: float) -> str:
    channels = zip(bytes.fromhex(front[1:]), bytes.fromhex(back[1:]), strict=True)
    return "#" + bytes(round(f * share + b * (1 - share)) for f, b in channels).hex()
