"""What a worker takes for a dead worker's run, and what not."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.repository import Filter
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunLease
from symphony_core.runtime.worker import Worker
from symphony_core.workflow import Workflow
from tests.orchestration.test_engine import ask, workflow
from tests.support.processes import until
from tests.support.scripted import answer_with


class LateLeases(InMemoryRepository[RunLease]):
    """A store that takes its time to find leases: until `ready` returns."""

    ready: Callable[[], Awaitable[object]] | None = None

    async def find_all(self, filter: Filter | None = None) -> list[RunLease]:
        if filter and self.ready:
            await self.ready()
            self.ready = None
        return await super().find_all(filter)


async def test_a_run_that_pauses_while_the_worker_looks_for_dead_ones_stays_paused(
    registry: ServiceRegistry,
) -> None:
    answer_with(registry, [{"match": "", "reply": "word " * 120, "delay_s": 0.03}])
    leases = LateLeases(RunLease)
    registry.register_repository("run_lease", leases)
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    working = asyncio.create_task(Worker(registry).work())

    async def stands(run: Workflow, status: str) -> Workflow | None:
        found: Workflow = await engine.control.find(run.id)
        return found if found.status == status else None

    run = engine.new_run(workflow(ask("a", "A?"), ask("b", "B?")))
    await engine.start_run(run)
    await until(lambda: stands(run, "running"))
    leases.ready = lambda: until(lambda: stands(run, "paused"))
    await engine.control.pause(run.id)
    await until(lambda: stands(run, "paused"))

    async def has_looked() -> bool:
        return leases.ready is None

    await until(has_looked)
    other = engine.new_run(workflow(ask("a", "A?")))
    await engine.start_run(other)
    await until(lambda: stands(other, "completed"))
    assert await stands(run, "paused")
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
