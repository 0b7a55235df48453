"""How the page of one run stands heavy runs and many watchers: python -m benchmarks.run_page

It runs 300 steps, and four answers of a megabyte, with the scripted model, then plays the worker
of a run of 300 steps that stores a thousand events a minute, and measures in Chromium.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from benchmarks.live_run import LiveRun, delays_on
from benchmarks.stage import Stage, processor_of, say, set_up
from benchmarks.viewers import ALL_THERE, Viewers
from dashboard.bridge import wait_for
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import RunEvent
from symphony_core.step_run import StepStatus
from tests.support.dashboard import new_page, wait_until_done
from tests.support.scripted import answer_with

OPENINGS = 5
STEPS = 300
WATCHERS = 5
EVENTS_A_MINUTE = 1000
WORDS = "word " * 50
MEGABYTE = "word " * 200_000
IDS = "nodes => nodes.map(node => node.dataset.id).filter(id => /^s\\d+$/.test(id))"


def definition_of(name: str, steps: int, *first: str) -> WorkflowDefinition:
    """Return a workflow of so many steps, one after the other, behind some that have names."""
    definition = WorkflowDefinition(name=name)
    for path in [*first, *(f"s{number}" for number in range(1, steps + 1))]:
        step = TaskStep(path.capitalize(), {"input_data": {"query": f"Question {path}"}})
        step.id = path
        definition = definition.add_step(step)
    return definition


def finished_run(registry: ServiceRegistry, name: str, steps: int, answer: str) -> str:
    """Run so many steps that each get that answer, and return the run's id."""
    answer_with(registry, [{"match": "", "reply": answer}])
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    run = wait_for(engine.execute_workflow(definition_of(name, steps)))
    assert run.status == "completed", run.error
    return run.id


class BusyRun(LiveRun):
    """A run in which, beside the text that is written, steps begin and end all the time."""

    def __init__(self, registry: ServiceRegistry) -> None:
        engine: WorkflowEngine = registry.get_service("workflow_engine")
        super().__init__(registry, engine.new_run(definition_of("Busy", STEPS, "draft"), {}))
        self._begun = 0
        self._events = 0

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Store the events of steps that begin and end, as many as there are in a minute."""
        over = threading.Event()
        thread = threading.Thread(target=self._go_on, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _go_on(self, over: threading.Event) -> None:
        began = time.monotonic()
        before = self._events
        while not over.wait(0.05):
            due = (time.monotonic() - began) * EVENTS_A_MINUTE / 60
            while self._events - before < due and self._begun < STEPS:
                wait_for(self._next_step())

    async def _next_step(self) -> None:
        self._begun += 1
        step = self.step(f"s{self._begun}")
        await self._store("step_started", step.path)
        await self.registry.get_repository("step_run").save(step)
        step.status, step.output, step.completed_at = StepStatus.COMPLETED, WORDS, utc_now()
        await self._store("step_completed", step.path)
        await self.registry.get_repository("step_run").save(step)
        self.run.steps_done = self._begun
        await self.registry.get_repository("workflow").save(self.run)

    async def _store(self, type: str, path: str) -> None:
        self._events += 1
        event = RunEvent(run_id=self.run.id, number=self._events, type=type, path=path)
        await self.registry.get_repository("run_event").save(event)


def openings(stage: Stage, run_id: str) -> list[float]:
    """Seconds from the address to the drawn page; the first time is not counted."""
    taken = []
    with new_page(stage.browser) as page:
        for _ in range(OPENINGS + 1):
            started = time.monotonic()
            _open(page, stage, run_id)
            taken.append(time.monotonic() - started)
    return taken[1:]


def _open(page: Page, stage: Stage, run_id: str) -> None:
    """Open a run's page and wait until it is drawn."""
    page.goto(f"{stage.dashboard.url}/run?run={run_id}")
    page.locator(".react-flow__node").first.wait_for()
    page.locator(".symphony-timeline .barlayer .point").first.wait_for()
    wait_until_done(page)


def choices(stage: Stage, run_id: str) -> list[float]:
    """Seconds from the choice of a step in the graph to its card."""
    taken = []
    with new_page(stage.browser) as page:
        _open(page, stage, run_id)
        drawn = page.locator(".react-flow__node").evaluate_all(IDS)  # those in sight
        for step in drawn[:3] * 2:
            started = time.monotonic()
            _choose(page, step)
            taken.append(time.monotonic() - started)
    return taken


def _choose(page: Page, step: str) -> None:
    page.locator(f'.react-flow__node[data-id="{step}"]').dispatch_event("click")
    name = page.locator(".st-key-chosen-step").get_by_text(step.capitalize(), exact=True)
    name.first.wait_for()


@contextmanager
def watching(stage: Stage, live: LiveRun) -> Iterator[Page]:
    """Have several people watch a run: one in Chromium, at the step that is being written.

    The others draw nothing, for their browsers would take more of this machine than the server.
    """
    url = stage.dashboard.url
    others = Viewers(url, WATCHERS - 1, lambda: live.run.id, pages=["Run"], stay=(20.0, 30.0))
    with new_page(stage.browser) as page:
        page.goto(f"{url}/run?run={live.run.id}")
        _choose(page, "draft")
        others.start()
        try:
            time.sleep(ALL_THERE)  # until all of them are there
            yield page
        finally:
            others.stop()
    if others.failure is not None:
        raise others.failure


def main() -> None:
    """Measure and print."""
    with set_up() as stage:
        runs = {
            f"{STEPS} steps": finished_run(stage.registry, "Long", STEPS, WORDS),
            "4 answers of 1 MB": finished_run(stage.registry, "Big", 4, MEGABYTE),
        }
        busy = BusyRun(stage.registry)
        with busy.held():
            stage.dashboard.start()
            time.sleep(5)  # what is loaded in the background
            for name, run_id in runs.items():
                say(f"{name}: opened", openings(stage, run_id), goal=2)
                say(f"{name}: a step chosen", choices(stage, run_id))
            with watching(stage, busy) as page, busy.going_on():
                used = processor_of(stage.dashboard.pid)
                delays = delays_on(page, busy)
                part = used()
            say(
                f"{WATCHERS} watchers, {EVENTS_A_MINUTE} events a minute: visible", delays, goal=0.7
            )
            print(f"the server's processor time: {part:.2f} of a core (goal 1)")


if __name__ == "__main__":
    main()
