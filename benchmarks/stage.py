"""What the benchmarks in Chromium stand on: a dashboard with a store of its own, and a browser."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from tests.support.dashboard import ARGUMENTS, Dashboard, find_chromium


class Stage(NamedTuple):
    """A dashboard that is started by who measures it, its store, and a browser."""

    dashboard: Dashboard
    registry: ServiceRegistry
    browser: Browser


@contextmanager
def set_up(model: str = "scripted") -> Iterator[Stage]:
    """Lend a stage, and leave nothing of it behind."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("No Chromium is installed: `python3 scripts/test` installs it.")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS) as browser,
    ):
        dashboard = Dashboard(Path(folder), model)
        try:
            yield Stage(dashboard, open_registry(f"sqlite:///{folder}/symphony.db"), browser)
        finally:
            dashboard.stop()


def processor_of(pid: int) -> Callable[[], float]:
    """Return what tells, when it is called, the part of one core that a process used since."""
    before, started = _processor_seconds(pid), time.monotonic()
    return lambda: (_processor_seconds(pid) - before) / (time.monotonic() - started)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pace() -> float:
    """Return the processor's milliseconds for a fixed piece of work: how fast a core is right now.

    Waiting for a core is no part of it; what else a machine's owner runs on the same chip is.
    """
    began = time.thread_time()
    for number in range(100_000):
        number * number
    return (time.thread_time() - began) * 1000


def say(what: str, seconds: Sequence[float], goal: float | None = None) -> None:
    """Print how long something took each time, and how busy the machine was."""
    in_order = sorted(seconds)
    p95 = in_order[int(0.95 * len(in_order))]
    aim = "no goal" if goal is None else f"goal {goal:g} s"
    print(
        f"{what}: {len(in_order)} times, median {statistics.median(in_order):.2f} s, "
        f"95th percentile {p95:.2f} s, most {in_order[-1]:.2f} s ({aim}); "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
