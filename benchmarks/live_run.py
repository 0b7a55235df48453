"""A run whose worker is the benchmark itself, so that it knows when text is stored."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from dashboard.bridge import wait_for
from symphony_core.orchestration.leases import Leases
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunLease
from symphony_core.step_run import StepRun, step_run_id
from symphony_core.workflow import Workflow, WorkflowStatus

SAMPLES = 30
# In the card that follows the writing. The text of a whole page with hundreds of steps, asked for
# as it is seen, would take the browser longer than what is measured.
_IS_THERE = "word => document.querySelector('.st-key-chosen-step')?.textContent.includes(word)"
PATIENCE = 120.0  # seconds for a text, on a machine that is busy with other things


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

    @contextmanager
    def held(self) -> Iterator[None]:
        """Store the run as running, and hold it: else the dashboard's worker takes it up."""
        wait_for(self._leases.heartbeat.start())
        try:
            wait_for(self._begin())
            yield
        finally:
            wait_for(self._leases.heartbeat.stop())

    async def _begin(self) -> None:
        lease = RunLease(id=self.run.id, owner=self._leases.owner)
        await self.registry.get_repository("run_lease").save(lease)
        await self.registry.get_repository("workflow").save(self.run)
        await self.write("Begun.")

    async def write(self, text: str) -> None:
        """Store more text."""
        self._step.output += f" {text}"
        await self.registry.get_repository("step_run").save(self._step)


def delays_on(page: Page, live: LiveRun) -> list[float]:
    """Seconds from stored to visible on a page that shows the growing text."""
    delays = []
    for number in range(SAMPLES):
        word = f"word{number:04d}"
        wait_for(live.write(word))
        stored = time.monotonic()
        page.wait_for_function(
            _IS_THERE,
            arg=word,
            polling=10,
            timeout=PATIENCE * 1000,
        )
        delays.append(time.monotonic() - stored)
        time.sleep(0.37)
    return delays
