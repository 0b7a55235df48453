"""What the scripts need before they can do their work: environment, model, browser and the like.

Only the standard library, in words that an older Python can read too, so that it is told in one
sentence why it is refused.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST_PYTHON = (3, 11)
OLDEST_PIP = "pip>=25.1"  # the first that reads dependency groups
WEB = ROOT / "tests" / "web"  # what pages are held against: a validator, and axe
# any of these programs shows that the Debian package is there, whoever brought it
PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "nodejs": ("node", "nodejs"),
    "npm": ("npm",),
    "strace": ("strace",),
}
ERRORS = ("ERROR:", "Error:", "E:", "npm error code", "npm ERR! code")  # how tools begin them
# what llama.cpp, and the program through which the tests drive the browser, are linked to
LIBRARIES = {"libgomp1": "libgomp.so.1", "libatomic1": "libatomic.so.1"}


def run(main: Callable[[], int]) -> None:
    """Run a script's `main` in the project's folder, and end with its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        this = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Symphony needs Python 3.11 or newer, and this is {this}: call the script with a "
            "newer one, such as `python3.11`."
        )
    os.chdir(ROOT)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command carries on from here.")


def environment(*, dev: bool = False) -> None:
    """Make `.venv` hold the requirements; where it does already, this is over at once."""
    stamps = [VENV / "requirements.txt.installed"]
    arguments = ["-r", "requirements.txt"]
    if dev:
        stamps.append(VENV / "pyproject.toml.installed")
        arguments += ["--group", "dev"]
    if all(stamp.exists() and stamp.read_text() == _fingerprint(stamp) for stamp in stamps):
        return
    if not _usable():
        _make_venv()
    with _stage("Installing the requirements"):
        if dev:
            _pip_install([OLDEST_PIP])
        _pip_install(arguments)
    for stamp in stamps:
        stamp.write_text(_fingerprint(stamp))


def model() -> bool:
    """Get what the embedded model needs; return whether all of it is there."""
    return all([_system(["libgomp1"]), _weights()])


def browser() -> bool:
    """Get what the browser tests need; return whether all of it is there."""
    return _system(["chromium", "libatomic1"])


def faults() -> bool:
    """Get what makes system calls fail in tests; return whether it is there."""
    return _system(["strace"])


def web() -> bool:
    """Get what pages are held against; return whether all of it is there."""
    return _system(["nodejs", "npm"]) and _web_packages()


def become(*arguments: str) -> int:
    """Go on as the environment's Python with these arguments, in this same process if possible."""
    sys.stdout.flush()
    if os.name != "nt":  # there, exec leaves the terminal to the caller
        os.execv(str(PYTHON), [str(PYTHON), *arguments])
    return subprocess.call([str(PYTHON), *arguments])


def _fingerprint(stamp: Path) -> str:
    """What the stamp stands for: the Python that the environment leads to, and the stamp's file."""
    source = ROOT / stamp.stem
    return hashlib.sha256(os.path.realpath(PYTHON).encode() + source.read_bytes()).hexdigest()


def _usable() -> bool:
    """Whether there is an environment whose Python starts, is new enough and has pip."""
    if not PYTHON.exists():
        return False
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    code, _ = _quietly([str(PYTHON), "-c", question])
    return code == 0


def _make_venv() -> None:
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        sys.exit(
            "This Python cannot make environments: install its venv module "
            "(on Debian: `apt-get install python3-venv`)."
        )
    with _stage("Making .venv"):
        code, said = _quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if code:
            sys.exit(f"The environment {str(VENV)!r} cannot be made ({_last_error(said)}).")


def _pip_install(arguments: list[str]) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input"]
    code, said = _quietly([*command, "--disable-pip-version-check", *arguments])
    if code == 0:
        return
    if "No space left on device" in said:
        sys.exit(f"The disk of {str(VENV)!r} is full: the environment needs about 1 GB.")
    sys.exit(
        f"pip could not install the requirements ({_last_error(said)}). If no package index is "
        "reached from here, name one in PIP_INDEX_URL; all that pip says is shown by "
        f"`{PYTHON} -m pip install {' '.join(arguments)}`."
    )


def _weights() -> bool:
    started = time.monotonic()
    command = [str(PYTHON), "-m", "symphony_core.models.weights"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(f"{line.rstrip()} ({time.monotonic() - started:.1f} s)", flush=True)
    return process.returncode == 0


def _web_packages() -> bool:
    """Install what the lock file names, if that has changed since the last time."""
    lock, stamp = WEB / "package-lock.json", WEB / "node_modules" / "package-lock.installed"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return True
    with _stage("Installing the web checks"):
        command = ["npm", "ci", "--prefix", str(WEB), "--no-audit", "--no-fund", "--ignore-scripts"]
        code, said = _quietly(command)
    if code:
        print(
            f"npm could not install the packages of {str(WEB)!r} ({_last_error(said)}). If no "
            "package registry is reached from here, name one in npm_config_registry.",
            file=sys.stderr,
        )
        return False
    stamp.parent.mkdir(exist_ok=True)
    shutil.copyfile(lock, stamp)
    return True


def _system(packages: list[str]) -> bool:
    """Install those of these Debian packages that are missing; elsewhere, or if not root, say so."""
    missing = [package for package in packages if not _there(package)]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        with _stage(f"Installing {' and '.join(missing)}"):
            _apt_install(missing)
        missing = [package for package in missing if not _there(package)]
    if missing:
        print(
            f"Missing here: {' and '.join(missing)} (Debian's names). Install what is missing with "
            "the system's package manager, as root.",
            file=sys.stderr,
        )
    return not missing


def _apt_install(packages: list[str]) -> None:
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    for arguments in (["update"], ["install", "--yes", *packages]):
        code, said = _quietly(["apt-get", "-qq", *arguments])
        if code:
            print(f"apt-get {arguments[0]} failed ({_last_error(said)}).", file=sys.stderr)


def _there(package: str) -> bool:
    """Whether what a Debian package brings is there, whoever brought it."""
    if package in PROGRAMS:
        return any(map(shutil.which, PROGRAMS[package]))
    if sys.platform != "linux":  # the wheels of other systems bring their libraries with them
        return True
    try:
        ctypes.CDLL(LIBRARIES[package])
    except OSError:
        return False
    return True


def _quietly(command: list[str]) -> tuple[int, str]:
    """Run a command and return its exit code with all that it said."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout


def _last_error(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(ERRORS)]
    return (errors or lines or ["it did not say why"])[-1]


@contextlib.contextmanager
def _stage(what: str) -> Iterator[None]:
    """Say what is being done, and then how long it took."""
    started = time.monotonic()
    print(f"{what} ...", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)
