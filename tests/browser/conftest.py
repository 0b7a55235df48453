"""A real dashboard with its worker on a loopback port, and Debian's Chromium in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parent.parent.parent

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Dashboard:
    """The server and its worker over one data folder; it can be ended and started again."""

    def __init__(self, folder: Path, model: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self.model = model
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which other processes share its data."""
        return {"SYMPHONY_DATA_DIR": str(self.folder), "SYMPHONY_MODEL": self.model}

    def start(self) -> None:
        environment = os.environ | self.environment | {"SYMPHONY_PORT": str(self.port)}
        self._process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the dashboard did not answer within 30 s")

    def stop(self) -> None:
        """End the server as Ctrl-C does; its worker goes by itself."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, of which there must be one: a browser test is never skipped."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("No Chromium is installed: run `python3 scripts/test`, which installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def model() -> str:
    """The model of the module's dashboard."""
    return "scripted"


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[Dashboard]:
    """A dashboard for a module of tests, which share its data."""
    dashboard = Dashboard(tmp_path_factory.mktemp("dashboard") / "data", model)
    dashboard.start()
    yield dashboard
    dashboard.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor of their own."""
    context = browser.new_context(viewport=DESKTOP)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, dashboard: Dashboard) -> Page:
    """A tab on the home page; it must ask nobody but the dashboard for anything."""
    page = context.new_page()
    page.on("request", lambda request: _same_place(request.url, dashboard))
    page.goto(dashboard.url)
    return page


def _same_place(url: str, dashboard: Dashboard) -> None:
    assert url.startswith((dashboard.url, "data:", "blob:")), f"a request leaves: {url}"
