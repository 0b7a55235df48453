"""Ten people watch while eight runs are under way, for minutes: python -m benchmarks.soak

They go to and fro between the home page and a live run; a Chromium does the same, so that what is
drawn is seen too. It prints how long their pages took, what memory the server and its worker had,
how fast a core was meanwhile, and whether any run was lost, stuck or repeated a step; then it exits
with 1.
"""

import argparse
import asyncio
import json
import random
import statistics
import threading
import time
from collections import Counter
from pathlib import Path

from playwright.sync_api import Locator, Page

from benchmarks.stage import Stage, pace, say, set_up
from benchmarks.viewers import Viewers
from dashboard.bridge import wait_for
from symphony_core.approval import ApprovalStatus
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import GALLERY
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import FINAL_STATUSES, Workflow, WorkflowStatus
from tests.support.dashboard import new_page, wait_until_done

VIEWERS = 10
AT_ONCE = 8
WORDS = 150  # an answer's, twenty milliseconds each: a run takes about ten seconds
UNDER_WAY = [status for status in WorkflowStatus if status not in FINAL_STATUSES]


class Feeder(threading.Thread):
    """Starts a run whenever fewer than eight are under way, and approves what any of them asks."""

    def __init__(self, registry: ServiceRegistry, model: str) -> None:
        super().__init__(name="feeder")
        self.stopping = threading.Event()
        self.started: list[str] = []
        self._registry = registry
        self._model = model

    def stop(self) -> None:
        """Wait until it starts no more."""
        self.stopping.set()
        self.join()

    def run(self) -> None:
        wait_for(self._feed())

    async def _feed(self) -> None:
        engine: WorkflowEngine = self._registry.get_service("workflow_engine")
        runs = self._registry.get_repository("workflow")
        while not self.stopping.is_set():
            missing = AT_ONCE - await runs.count({"status": UNDER_WAY})
            for _ in range(missing):
                template = GALLERY[len(self.started) % len(GALLERY)]
                definition, inputs = template.build(), template.sample_inputs()
                run = engine.new_run(definition, inputs, model=self._model)
                run.name = f"Run {len(self.started)} of many"
                await engine.start_run(run)
                self.started.append(run.id)
            await approve_all(self._registry)
            await asyncio.sleep(0.3)


async def approve_all(registry: ServiceRegistry) -> None:
    """Answer every question that is open, as somebody would who finds all of it good."""
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    for asked in await registry.get_repository("approval").find_all({"status": "waiting"}):
        await engine.control.answer(asked.id, ApprovalStatus.APPROVED)


def visit(page: Page) -> dict[str, float]:
    """Seconds to the home page, and from there to a run that is under way."""
    taken = {"Home": _timed(page, page.get_by_role("link", name="Home", exact=True).first)}
    link = page.get_by_role("link", name="of many").first
    link.wait_for()
    taken["Run"] = _timed(page, link)
    page.get_by_role("heading", name="Steps", exact=True).wait_for()
    return taken


def _timed(page: Page, link: Locator) -> float:
    started = time.monotonic()
    link.click()
    page.get_by_role("heading", level=1).wait_for()
    wait_until_done(page)
    return time.monotonic() - started


def watch(stage: Stage, seconds: float) -> tuple[list[float], list[dict[str, float]]]:
    """Return what a browser's pages took, and what the machine was like over the time."""
    taken: list[float] = []
    states = []
    with new_page(stage.browser) as page:
        page.goto(stage.dashboard.url)
        page.get_by_role("heading", name="Home").wait_for()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            taken += visit(page).values()
            states.append({"pace": pace(), **_memory(stage.dashboard.pid)})
            page.wait_for_timeout(5_000)  # a sleep would leave its news for the next visit to hear
    return taken, states


def _memory(server: int) -> dict[str, int]:
    workers = [pid for pid in _children(server) if b"worker" in _command(pid)]
    return {"server": _megabytes(server), "worker": sum(map(_megabytes, workers))}


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _megabytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


async def verdict(registry: ServiceRegistry, started: list[str]) -> list[str]:
    """Wait for the last runs, and return what is wrong with any of them."""
    runs = registry.get_repository("workflow")
    for _ in range(200):
        if not await runs.count({"status": UNDER_WAY}):
            break
        await approve_all(registry)
        await asyncio.sleep(0.5)
    found: dict[str, Workflow] = {run.id: run for run in await runs.find_all({"id": started})}
    wrong = [f"{run_id} is lost" for run_id in started if run_id not in found]
    wrong += [f"{r.id} is {r.status}: {r.error}" for r in found.values() if r.status != "completed"]
    steps = Counter(step.attempt for step in await registry.get_repository("step_run").find_all())
    return wrong if set(steps) <= {1} else [*wrong, f"steps by their attempt: {dict(steps)}"]


def report(taken: dict[str, list[float]], states: list[dict[str, float]], runs: int) -> None:
    """Print the figures."""
    print(f"{VIEWERS} viewers, {AT_ONCE} runs at once, {runs} runs in all")
    for name, seconds in taken.items():
        say(name, seconds, goal=1)
    for name in ("server", "worker"):
        series = [each[name] for each in states]
        part = max(1, len(series) // 4)
        early, late = statistics.mean(series[part : 2 * part]), statistics.mean(series[-part:])
        print(
            f"memory of the {name}: {early:.0f} MB in the second quarter, {late:.0f} MB in the last"
        )
    paces = [each["pace"] for each in states]
    print(
        f"a core's pace: median {statistics.median(paces):.1f} ms for 100 000 products, "
        f"{min(paces):.1f} to {max(paces):.1f}"
    )


def soak(stage: Stage, minutes: float) -> list[str]:
    """Measure and print; return what is wrong."""
    dashboard = stage.dashboard
    script = dashboard.folder / "script.json"
    reply = {"match": "", "reply": "word " * WORDS}
    script.write_text(json.dumps({"delay_s": 0.06, "replies": [reply]}), encoding="utf-8")
    dashboard.model = f"scripted:{script}"
    dashboard.start()
    feeder = Feeder(stage.registry, dashboard.model)
    viewers = Viewers(dashboard.url, VIEWERS, lambda: random.choice(feeder.started[-AT_ONCE:]))
    feeder.start()
    with new_page(stage.browser) as page:
        page.goto(dashboard.url)  # the first runs are there when this is
        page.get_by_role("link", name="of many").first.wait_for()
    viewers.start()
    try:
        drawn, states = watch(stage, minutes * 60)
    finally:
        viewers.stop()
        feeder.stop()
    wrong = wait_for(verdict(stage.registry, feeder.started))
    report({**viewers.taken, "drawn in Chromium": drawn}, states, len(feeder.started))
    print(f"{viewers.refreshes} refreshes of live parts")
    return wrong if viewers.failure is None else [*wrong, f"viewers: {viewers.failure!r}"]


def main() -> int:
    """Measure and say whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    with set_up() as stage:
        wrong = soak(stage, minutes)
    for line in wrong or ["Every run completed, no step ran twice."]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
