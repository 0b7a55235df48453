"""The works that every contender does, and how its program says what one of them took.

A program is called with a work's name and a folder for its database, and prints JSON. It runs in
the contender's own environment, so only the standard library is used here.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Protocol

TEXT = ("A sentence that a model could have said. " * 25)[:1024]

Execute = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Shape:
    """What one run looks like; `seconds` is how long each step takes to answer."""

    steps: int
    parallel: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Work:
    """So many runs at once, all of the same shape; `times` makes a short work's median steady."""

    shape: Shape
    runs: int = 1
    times: int = 1

    @property
    def steps(self) -> int:
        """How many steps are to be stored in all."""
        return self.times * self.runs * self.shape.steps


WARM_UP = Work(Shape(3))
WORKS = {
    "row-50": Work(Shape(50), times=11),
    "parallel-100": Work(Shape(100, parallel=True, seconds=0.05), times=5),
    "parallel-1000": Work(Shape(1000, parallel=True, seconds=0.05)),
    "runs-1000": Work(Shape(3), runs=1000),
}


@dataclass(frozen=True)
class Measured:
    """Median wall seconds of the work alone, and the process's peak MB when it was done once."""

    seconds: float
    peak_mb: float


class Contender(Protocol):
    """A way of running steps that stores each of them durably."""

    def prepare(self, shape: Shape) -> Execute:
        """Do what is done once per workflow, and return what runs it once, or raises."""
        ...

    async def stored(self) -> int:
        """Return how many steps' texts are in the database."""
        ...


Open = Callable[[Path], AbstractAsyncContextManager[Contender]]


def tell(open_contender: Open) -> None:
    """Do the work named on the command line and print what it took."""
    name, folder = sys.argv[1:]
    print(json.dumps(asdict(asyncio.run(measure(open_contender, WORKS[name], Path(folder))))))


async def measure(open_contender: Open, work: Work, folder: Path) -> Measured:
    """Do a work; a run of three steps before it makes the tables and whatever else is made once."""
    async with open_contender(folder) as contender:
        await _do(contender, WARM_UP)
        seconds = [await _do(contender, work)]
        peak_mb = _peak_mb()
        seconds += [await _do(contender, work) for _ in range(work.times - 1)]
        stored, expected = await contender.stored(), WARM_UP.steps + work.steps
        if stored < expected:
            raise SystemExit(f"{stored} steps are stored, not {expected}.")
        return Measured(median(seconds), peak_mb)


async def _do(contender: Contender, work: Work) -> float:
    execute = contender.prepare(work.shape)
    started = time.perf_counter()
    await asyncio.gather(*(execute() for _ in range(work.runs)))
    return time.perf_counter() - started


def _peak_mb() -> float:
    """Not `getrusage`'s, which begins with what the process that started this one used."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
