"""Cancel really stops: no step starts after it, and the call in flight is ended."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import LoopStep, ParallelStep
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import Workflow
from tests.support.openai_server import OpenAIServer
from tests.support.processes import until, worker
from tests.support.tale import WRITER, ask, workflow

pytestmark = pytest.mark.long

SLOW = "openai-chat:slow"  # twenty milliseconds a word
CANCELLED_WITHIN = 5.0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with OpenAIServer(lambda body: "word " * 200) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


@pytest.fixture
def store() -> ServiceRegistry:
    return open_registry()


async def start(store: ServiceRegistry) -> tuple[WorkflowEngine, Workflow]:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    await store.get_repository("agent_config").save(WRITER.model_copy())
    sides = ParallelStep("Sides", [ask("left", "?"), ask("right", "?")])
    steps = (LoopStep("Turns", [sides], max_iterations=3), ask("end", "?"))
    run = engine.new_run(workflow(*steps), {"topic": "x"}, model=SLOW)
    await engine.start_run(run)
    return engine, run


async def called(server: OpenAIServer, times: int) -> None:
    async def look() -> bool:
        return server.calls["slow"] >= times

    await until(look)


async def is_cancelled(engine: WorkflowEngine, run: Workflow) -> None:
    started = time.monotonic()

    async def look() -> bool:
        return (await engine.control.find(run.id)).status == "cancelled"

    await until(look)
    assert time.monotonic() - started < CANCELLED_WITHIN


async def test_calls_in_flight_end_and_none_follows(
    store: ServiceRegistry, server: OpenAIServer
) -> None:
    engine, run = await start(store)
    with worker():
        await called(server, 2)
        await engine.cancel_workflow(run.id)
        await engine.cancel_workflow(run.id)
        await is_cancelled(engine, run)

        async def look() -> bool:
            return server.disconnects["slow"] == 2

        await until(look)
        await asyncio.sleep(0.5)  # time for a step that should not start
    assert server.calls["slow"] == 2
    steps = await store.get_repository("step_run").find_all({"run_id": run.id})
    assert {step.status for step in steps} == {"cancelled"}
    tasks = await store.get_repository("task").find_all({"workflow_id": run.id})
    assert {task.status for task in tasks} == {"cancelled"}
    assert (await engine.run_workflow(run.id)).status == "cancelled"


async def test_no_step_starts_after_a_cancel_between_two_steps(
    store: ServiceRegistry, server: OpenAIServer
) -> None:
    server.answer = lambda body: "one"
    engine, run = await start(store)
    running = asyncio.create_task(WorkflowEngine(store).run_workflow(run.id))
    await called(server, 2)
    acknowledged = await engine.cancel_workflow(run.id)
    made = server.calls["slow"]
    assert (await running).status == "cancelled"
    assert server.calls["slow"] == made
    assert acknowledged.id == run.id


async def test_a_cancel_before_a_worker_comes_needs_none(
    store: ServiceRegistry, server: OpenAIServer
) -> None:
    engine, run = await start(store)
    assert (await engine.cancel_workflow(run.id)).status == "cancelled"
    with worker():
        await asyncio.sleep(1)
    assert not server.calls


async def test_a_cancel_that_a_dead_worker_did_not_hear_is_heard_by_the_next(
    store: ServiceRegistry, server: OpenAIServer
) -> None:
    engine, run = await start(store)
    with worker() as first:
        await called(server, 2)
        first.kill()
        first.wait()
    await engine.cancel_workflow(run.id)
    with worker():
        await until(lambda: _status(engine, run, "cancelled"), seconds=15)
    assert server.calls["slow"] == 2
    steps = await store.get_repository("step_run").find_all({"run_id": run.id})
    assert "running" not in {step.status for step in steps}


async def _status(engine: WorkflowEngine, run: Workflow, status: str) -> bool:
    return (await engine.control.find(run.id)).status == status
