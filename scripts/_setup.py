"""What the scripts share: an environment of the project's own, made once and kept up to date."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST_PIP = (25, 1)  # the first that knows dependency groups
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def install(*, development: bool = False) -> None:
    """Make the environment, or bring it up to date; nothing to do takes no time."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this may have an older one
        stop(f"Symphony needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")
    if not PYTHON.exists():
        with Stage("making the environment .venv"):
            made = run(sys.executable, "-m", "venv", str(ENVIRONMENT), quiet=True)
        if made:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            stop("Python's venv could not make .venv. On Debian: apt-get install python3-venv.")
    install_packages("runtime", "-r", "requirements.txt")
    if development:
        if pip_version() < OLDEST_PIP:
            run(str(PYTHON), "-m", "pip", "install", "--upgrade", "pip", quiet=True)
        install_packages("development", "--group", "dev")


def install_packages(name: str, *what: str) -> None:
    """Install packages unless that was done already for what the project asks for now."""
    asked = [ROOT / "requirements.txt", ROOT / "pyproject.toml"]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in asked)).hexdigest()
    stamp = ENVIRONMENT / f".{name}-packages"
    if stamp.exists() and stamp.read_text() == digest:
        return
    with Stage(f"installing the {name} packages"):
        pip = (str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q")
        if run(*pip, *what):
            stop("pip could not install the packages: is a package index reachable?")
    stamp.write_text(digest)


def pip_version() -> tuple[int, int]:
    """Return the version of the environment's pip."""
    told = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, text=True)
    major, minor = told.stdout.split()[1].split(".")[:2]
    return int(major), int(minor)


def fetch_weights(*, required: bool) -> None:
    """Fetch the embedded model's weights, unless another model was chosen."""
    if run(str(PYTHON), "-m", "symphony_core.models.weights"):
        if required:
            stop("The embedded model's weights are needed here.")
        say("The dashboard starts without the embedded model.")


def install_browser() -> None:
    """Install Debian's Chromium where there is no browser and this may be done."""
    if any(map(shutil.which, BROWSERS)):
        return
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        stop("The browser tests need Chromium: install it (Debian: apt-get install chromium).")
    with Stage("installing Chromium"):
        update = run(apt, "update", "-qq", quiet=True)
        if update or run(apt, "install", "-y", "-qq", "chromium", quiet=True):
            stop("apt-get could not install chromium.")


class Stage:
    """Says what takes its time, and how much it took."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._started = time.monotonic()
        say(f"{self._what} …")

    def __exit__(self, *_: object) -> None:
        say(f"  {time.monotonic() - self._started:.0f} s")


def run(*command: str, quiet: bool = False) -> int:
    """Run a command in the project's folder and return its exit code."""
    return subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else None,
    ).returncode


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)


def stop(reason: str) -> None:
    """End with one sentence."""
    say(f"Error: {reason}")
    raise SystemExit(1)
