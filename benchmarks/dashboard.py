"""How fast the dashboard is, in Chromium, on this machine: python -m benchmarks.dashboard

It starts a dashboard over a store of 1000 runs, plays the worker of one live run itself, and
prints what a visitor waits for and what ten visitors cost.
"""

import asyncio
import os
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.bridge import wait_for
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.leases import Leases
from symphony_core.orchestration.templates import GALLERY
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunLease
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.step_run import StepRun, step_run_id
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.support.dashboard import ARGUMENTS, Dashboard, find_chromium, new_page

RUNS = 1000
SAMPLES = 30
VIEWERS = 10
WATCH_SECONDS = 20
PAGES = ("Runs", "Templates", "Agents", "Home")


async def fill(registry: ServiceRegistry) -> None:
    """Store finished runs with contexts of a usual size."""
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    runs = []
    for number in range(RUNS):
        template = GALLERY[number % len(GALLERY)]
        run = engine.new_run(template.build(), template.sample_inputs(), template=template.key)
        run.created_at = utc_now() - timedelta(minutes=10 * number)
        run.mark(WorkflowStatus.RUNNING)
        run.mark(WorkflowStatus.COMPLETED)
        run.metadata = {"context": {f"step.s{i}.result": "word " * 200 for i in range(5)}}
        runs.append(run)
    await asyncio.gather(*(registry.get_repository("workflow").save(run) for run in runs))


class LiveRun:
    """A run that this process claims to be running, so that it decides when text is stored."""

    def __init__(self, registry: ServiceRegistry, run: Workflow) -> None:
        self.run = run
        self.run.mark(WorkflowStatus.RUNNING)
        self.registry = registry
        self._leases: Leases = registry.get_service("workflow_engine").leases
        self._step = self.step("draft")

    def step(self, path: str) -> StepRun:
        """Return a step that has begun."""
        return StepRun(
            id=step_run_id(self.run.id, path),
            run_id=self.run.id,
            path=path,
            step_id=path,
            name=path.capitalize(),
            type="task",
            agent_name="Assistant",
            model="scripted",
            prompt="Write.",
        )

    async def start(self) -> None:
        """Store the run as running, and hold it: else the dashboard's worker takes it up."""
        await self._leases.heartbeat.start()
        lease = RunLease(id=self.run.id, owner=self._leases.owner)
        await self.registry.get_repository("run_lease").save(lease)
        await self.registry.get_repository("workflow").save(self.run)
        await self.write("Begun.")

    async def end(self) -> None:
        """Let go of the run."""
        await self._leases.heartbeat.stop()

    async def write(self, text: str) -> None:
        """Store more text."""
        self._step.output += f" {text}"
        await self.registry.get_repository("step_run").save(self._step)


def first_page(dashboard: Dashboard, browser: Browser) -> float:
    """Seconds from the start of the process to the home page's heading."""
    page = new_page(browser)
    started = time.monotonic()
    dashboard.start()
    page.goto(dashboard.url)
    page.get_by_role("heading", name="Home").wait_for()
    seconds = time.monotonic() - started
    page.close()
    return seconds


def page_changes(dashboard: Dashboard, browser: Browser) -> dict[str, list[float]]:
    """Seconds from a click in the sidebar to the page's heading; the first round is not counted."""
    page = new_page(browser)
    page.goto(dashboard.url)
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    for turn in range(6):
        for name in PAGES:
            started = time.monotonic()
            page.get_by_role("link", name=name, exact=True).first.click()
            page.get_by_role("heading", name=name, exact=True).wait_for()
            wait_until_done(page)
            if turn:
                taken[name].append(time.monotonic() - started)
    page.close()
    return taken


def wait_until_done(page: Page) -> None:
    """Wait until the page is drawn."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def text_delays(dashboard: Dashboard, browser: Browser, live: LiveRun) -> list[float]:
    """Seconds from stored to visible, for words stored at uneven moments."""
    page = new_page(browser)
    page.goto(f"{dashboard.url}/run?run={live.run.id}")
    page.get_by_text("Begun").first.wait_for()
    delays = delays_on(page, live)
    page.close()
    return delays


def delays_on(page: Page, live: LiveRun) -> list[float]:
    """Seconds from stored to visible on a page that shows the growing text."""
    delays = []
    for number in range(SAMPLES):
        word = f"word{number:04d}"
        wait_for(live.write(word))
        stored = time.monotonic()
        page.wait_for_function(
            "word => document.body.innerText.includes(word)", arg=word, polling=10
        )
        delays.append(time.monotonic() - stored)
        time.sleep(0.37)
    return delays


def viewers_cost(dashboard: Dashboard, browser: Browser, live: LiveRun) -> float:
    """The part of one core that the server uses while viewers watch text being written."""
    pages = [new_page(browser) for _ in range(VIEWERS)]
    for page in pages:
        page.goto(f"{dashboard.url}/run?run={live.run.id}")
        page.get_by_text("Begun").first.wait_for()
    time.sleep(3)
    before, started = cpu_seconds(dashboard.pid), time.monotonic()
    while time.monotonic() - started < WATCH_SECONDS:
        wait_for(live.write("more"))
        time.sleep(0.2)
    used = (cpu_seconds(dashboard.pid) - before) / (time.monotonic() - started)
    for page in pages:
        page.close()
    return used


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("No Chromium is installed: `python3 scripts/test` installs it.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        dashboard = Dashboard(Path(folder), "scripted")
        registry = open_registry(f"sqlite:///{Path(folder) / 'symphony.db'}")
        wait_for(fill(registry))
        engine: WorkflowEngine = registry.get_service("workflow_engine")
        live = LiveRun(registry, engine.new_run(GALLERY[0].build(), GALLERY[0].sample_inputs()))
        wait_for(live.start())
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            print(f"start to first page: {first_page(dashboard, browser):.2f} s (goal 3)")
            time.sleep(5)  # what is loaded in the background
            for name, taken in page_changes(dashboard, browser).items():
                print(
                    f"to {name}: median {statistics.median(taken):.2f} s, most {max(taken):.2f} s (goal 0.5)"
                )
            delays = sorted(text_delays(dashboard, browser, live))
            p95 = delays[int(0.95 * len(delays))]
            print(
                f"stored to visible: median {statistics.median(delays):.2f} s, p95 {p95:.2f} s (goal 0.7)"
            )
            used = viewers_cost(dashboard, browser, live)
            print(f"{VIEWERS} viewers: {used:.2f} of a core (goal 0.5)")
        finally:
            browser.close()
            dashboard.stop()
            wait_for(live.end())


if __name__ == "__main__":
    main()
