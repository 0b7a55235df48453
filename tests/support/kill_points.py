"""Kills a process at the n-th call of one kind that could write something, through strace."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

CALLS = ("write", "pwrite64", "fdatasync", "fsync", "rename")


class KillPoint(NamedTuple):
    """The n-th call of this kind in one thread; strace counts each kind and thread apart."""

    call: str
    n: int

    def __str__(self) -> str:
        return f"{self.call} {self.n}"


@contextmanager
def killed_at(pid: int, point: KillPoint) -> Iterator[None]:
    """Let the process be killed as it makes that call."""
    with _strace(pid, "-o", "/dev/null", "-e", f"inject={point.call}:signal=KILL:when={point.n}"):
        yield


@contextmanager
def counted(pid: int, log: Path) -> Iterator[list[KillPoint]]:
    """Collect the points at which the process could have been killed, known once it has ended."""
    points: list[KillPoint] = []
    with _strace(pid, "-o", str(log)):
        yield points
    calls = re.findall(rf"^(\d+) +({'|'.join(CALLS)})\(", log.read_text(), re.MULTILINE)
    most = Counter[str]()
    for (_, call), count in Counter(calls).items():
        most[call] = max(most[call], count)
    points += [KillPoint(call, n) for call in CALLS for n in range(1, most[call] + 1)]


def spread(points: list[KillPoint], most: int) -> list[KillPoint]:
    """Return at most so many of the points, evenly, the first and the last of each kind included."""
    kinds = [[point for point in points if point.call == call] for call in CALLS]
    chosen: list[KillPoint] = []
    for kind in filter(None, kinds):
        count = min(len(kind), max(2, round(most * len(kind) / len(points))))
        step = (len(kind) - 1) / max(1, count - 1)
        chosen += [kind[round(number * step)] for number in range(count)]
    return list(dict.fromkeys(chosen))


@contextmanager
def _strace(pid: int, *options: str) -> Iterator[None]:
    command = ["strace", "-f", "-p", str(pid), "-e", f"trace={','.join(CALLS)}", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        assert "attached" in first, f"strace cannot watch a process here: {first}"
        yield
        tracer.communicate()
