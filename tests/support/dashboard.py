"""A real dashboard with its worker on a loopback port, and the Chromium in front of it."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from tests.support.processes import PATIENCE, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

T = TypeVar("T")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of the address bar's, which nobody sees, would be loaded with every visitor.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

# Run in every page of a context, it makes it one of a visitor whom no tour greets any more.
BEEN_HERE = "localStorage.setItem('symphony-greeted', 'yes')"


class Dashboard:
    """The server and its worker over one data folder; it can be ended and started again."""

    def __init__(self, folder: Path, model: str, program: Sequence[str] = ("app.py",)) -> None:
        self.folder = folder
        self.program = program
        self.port = _free_port()
        self.model = model
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which other processes share its data."""
        return {"SYMPHONY_DATA_DIR": str(self.folder), "SYMPHONY_MODEL": self.model}

    def start(self) -> None:
        environment = os.environ | self.environment | {"SYMPHONY_PORT": str(self.port)}
        self._process = subprocess.Popen(
            [sys.executable, *self.program],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the dashboard did not answer within {PATIENCE} s")

    def stop(self) -> None:
        """End the server as Ctrl-C does, where it was started; its worker goes by itself."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def in_store(dashboard: Dashboard, work: Callable[[ServiceRegistry], Awaitable[T]]) -> T:
    """Do something with the dashboard's store, beside the loop that Playwright keeps running."""

    async def do() -> T:
        return await work(open_registry(f"sqlite:///{dashboard.folder / 'symphony.db'}"))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, do()).result()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def find_chromium() -> str | None:
    """Return where a Chromium is; None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def new_page(browser: "Browser") -> "Page":
    """Return a page of a visitor who has been here before."""
    page = browser.new_page(viewport=DESKTOP)
    page.add_init_script(BEEN_HERE)
    return page


def wait_until_done(page: "Page") -> None:
    """Wait until the page is drawn: what is clicked or opened before may be drawn anew."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
