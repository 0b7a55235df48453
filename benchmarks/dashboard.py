"""How fast the dashboard is, in Chromium, on this machine: python -m benchmarks.dashboard

It starts a dashboard over a store of 1000 runs, plays the worker of one live run itself, and
prints what a visitor waits for and what ten visitors cost.
"""

import asyncio
import time
from contextlib import ExitStack
from datetime import timedelta

from benchmarks.live_run import LiveRun, delays_on
from benchmarks.stage import Stage, processor_of, say, set_up
from dashboard.bridge import wait_for
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import GALLERY
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import WorkflowStatus
from tests.support.dashboard import new_page, wait_until_done

RUNS = 1000
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


def first_page(stage: Stage) -> float:
    """Seconds from the start of the process to the home page's heading."""
    with new_page(stage.browser) as page:
        started = time.monotonic()
        stage.dashboard.start()
        page.goto(stage.dashboard.url)
        page.get_by_role("heading", name="Home").wait_for()
        return time.monotonic() - started


def page_changes(stage: Stage) -> dict[str, list[float]]:
    """Seconds from a click in the sidebar to the page's heading; the first round is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    with new_page(stage.browser) as page:
        page.goto(stage.dashboard.url)
        for turn in range(6):
            for name in PAGES:
                started = time.monotonic()
                page.get_by_role("link", name=name, exact=True).first.click()
                page.get_by_role("heading", name=name, exact=True).wait_for()
                wait_until_done(page)
                if turn:
                    taken[name].append(time.monotonic() - started)
    return taken


def text_delays(stage: Stage, live: LiveRun) -> list[float]:
    """Seconds from stored to visible, for words stored at uneven moments."""
    with new_page(stage.browser) as page:
        page.goto(f"{stage.dashboard.url}/run?run={live.run.id}")
        page.get_by_text("Begun").first.wait_for()
        return delays_on(page, live)


def viewers_cost(stage: Stage, live: LiveRun) -> float:
    """The part of one core that the server uses while viewers watch text being written."""
    with ExitStack() as closing:
        for _ in range(VIEWERS):
            page = closing.enter_context(new_page(stage.browser))
            page.goto(f"{stage.dashboard.url}/run?run={live.run.id}")
            page.get_by_text("Begun").first.wait_for()
        time.sleep(3)
        used, started = processor_of(stage.dashboard.pid), time.monotonic()
        while time.monotonic() - started < WATCH_SECONDS:
            wait_for(live.write("more"))
            time.sleep(0.2)
        return used()


def main() -> None:
    """Measure and print."""
    with set_up() as stage:
        wait_for(fill(stage.registry))
        engine: WorkflowEngine = stage.registry.get_service("workflow_engine")
        run = engine.new_run(GALLERY[0].build(), GALLERY[0].sample_inputs())
        live = LiveRun(stage.registry, run)
        with live.held():
            say("start to first page", [first_page(stage)], goal=3)
            time.sleep(5)  # what is loaded in the background
            for name, taken in page_changes(stage).items():
                say(f"to {name}", taken, goal=0.5)
            say("stored to visible", text_delays(stage, live), goal=0.7)
            print(f"{VIEWERS} viewers: {viewers_cost(stage, live):.2f} of a core (goal 0.5)")


if __name__ == "__main__":
    main()
