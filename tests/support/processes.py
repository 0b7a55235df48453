"""Worker processes for tests, and waiting for what they do."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0  # seconds for what must come at all; a busy machine takes its time


def start_worker(**environment: str) -> subprocess.Popen[bytes]:
    """Start a worker that ends when its standard input does."""
    return subprocess.Popen(
        [sys.executable, "-m", "symphony_core", "worker", "--follow-stdin"],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and close what it held."""
    process.kill()
    process.communicate()


@contextmanager
def worker(**environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for the time of a test."""
    process = start_worker(**environment)
    try:
        yield process
    finally:
        end(process)


async def until(look: Callable[[], Awaitable[T | None]], seconds: float = PATIENCE) -> T:
    """Look again and again until something is there, and return it."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        found = await look()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"not seen within {seconds} s: {look}")
