"""llama.cpp inside this process: one server a file, started at the first call and kept.

It answers over HTTP on this machine only, to nobody without its random key.
"""

import os
import platform
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symphony_core.errors import ModelError, ModelUnavailable

CALLS_AT_ONCE = 4

_CONTEXT = 4096  # tokens a call has, prompt and answer; llama.cpp lowers it to what a model knows
_MOST_THREADS = 4
_PROMPT_CACHE = 256  # MiB; llama.cpp's own default is 8192
_CPU_FEATURES = ("avx2", "fma", "f16c", "bmi2")  # the wheel uses them without asking

_OTHER_MODEL = "Set SYMPHONY_MODEL to a model server, such as openai-chat:NAME with OPENAI_BASE_URL"


@dataclass(frozen=True)
class EmbeddedServer:
    """A running server; it stops when the process ends."""

    model: str
    address: str
    key: str
    handle: Any


_servers: dict[Path, Future[EmbeddedServer]] = {}
_lock = threading.Lock()


def embedded_server(file: Path, prepare: Callable[[], None]) -> Future[EmbeddedServer]:
    """Return the server for a file, which may still be starting in a thread of its own.

    `prepare` is called in that thread before the file is opened. After a failure the next call
    starts anew.
    """
    file = file.resolve()
    with _lock:
        server = _servers.get(file)
        if server is None or (server.done() and server.exception()):
            server = _servers[file] = Future()
            arguments = (server, file, prepare)
            # A daemon: a fetch of weights must not keep a process from ending.
            threading.Thread(target=_run, args=arguments, name="llama-start", daemon=True).start()
        return server


def obstacle() -> str | None:
    """Return why llama.cpp cannot run here, without importing it; None if nothing is known."""
    missing = _missing_here()
    if missing:
        return f"This machine's processor has no {', '.join(missing)}, which llama.cpp needs."
    if find_spec("xllamacpp") is None:
        return "The package xllamacpp is not installed."
    return None


@cache
def _missing_here() -> tuple[str, ...]:
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return ()
    return missing_features(Path("/proc/cpuinfo").read_text())


def missing_features(cpuinfo: str) -> tuple[str, ...]:
    """Return what the CPU wheel needs and a Linux x86-64 processor, so described, has not."""
    for line in cpuinfo.splitlines():
        if line.startswith("flags"):
            present = line.partition(":")[2].split()
            return tuple(feature for feature in _CPU_FEATURES if feature not in present)
    return ()


def _run(server: Future[EmbeddedServer], file: Path, prepare: Callable[[], None]) -> None:
    try:
        found = obstacle()
        if found:  # importing the wheel would end the process without a word
            raise ModelUnavailable(f"The embedded model cannot run here. {found} {_OTHER_MODEL}.")
        prepare()
        server.set_result(_start(file))
    except ModelError as error:
        server.set_exception(error)
    finally:
        if not server.done():  # the thread's own report tells why; nobody may wait for ever
            server.set_exception(ModelError(f"The model file {str(file)!r} could not be loaded."))


def _start(file: Path) -> EmbeddedServer:
    key = secrets.token_urlsafe(24)
    try:
        handle = _listen(file, key)
    except ImportError as error:
        raise ModelUnavailable(f"llama.cpp cannot run here: {error}. {_OTHER_MODEL}.") from error
    except RuntimeError as error:
        raise ModelUnavailable(
            f"The model file {str(file)!r} cannot be loaded: {error}. Choose another file in the "
            f"GGUF format, or a smaller one. {_OTHER_MODEL}."
        ) from error
    return EmbeddedServer(file.stem, handle.listening_address, key, handle)


def _listen(file: Path, key: str) -> Any:
    # Without it, waiting threads spin, and one busy neighbour makes the model seven times slower.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    import xllamacpp  # noqa: PLC0415  (only after the check of the processor and the line above)

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(file)
    parameters.model_alias = {file.stem}
    parameters.n_parallel = CALLS_AT_ONCE
    parameters.n_ctx = CALLS_AT_ONCE * _CONTEXT
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = _threads()
    parameters.cache_ram_mib = _PROMPT_CACHE
    parameters.api_keys = [key]
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.verbosity = 0
    return xllamacpp.Server(parameters)


def _threads() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return min(_MOST_THREADS, len(affinity(0)) if affinity else os.cpu_count() or 1)
