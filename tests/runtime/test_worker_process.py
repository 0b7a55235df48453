"""Runs live in a worker process: taken up, finished, rescued, stopped."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import get_template
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import Workflow
from tests.support.processes import end, start_worker, until, worker


@pytest.fixture
def store() -> ServiceRegistry:
    return open_registry()


@pytest.fixture
def slow(tmp_path: Path) -> str:
    """The name of a model that takes about two seconds for an answer."""
    script = tmp_path / "slow.json"
    script.write_text(
        json.dumps({"delay_s": 0.06, "replies": [{"match": "", "reply": "word " * 100}]})
    )
    return f"scripted:{script}"


async def start(store: ServiceRegistry, key: str = "critic-revise", **fields: Any) -> Workflow:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    template = get_template(key)
    run = engine.new_run(template.build(), template.sample_inputs(), **fields)
    await engine.start_run(run)
    return run


async def reach(store: ServiceRegistry, run: Workflow, *statuses: str) -> Workflow:
    async def look() -> Workflow | None:
        found: Workflow = await store.get_repository("workflow").find_by_id(run.id)
        return found if found.status in statuses else None

    return await until(look)


async def writing(store: ServiceRegistry, run: Workflow) -> None:
    async def look() -> bool:
        steps = await store.get_repository("step_run").find_all({"run_id": run.id})
        return any(step.output and step.status == "running" for step in steps)

    await until(look)


async def test_a_worker_takes_up_what_is_pending_several_at_a_time(store: ServiceRegistry) -> None:
    runs = [await start(store) for _ in range(5)]
    with worker():
        for run in runs:
            assert (await reach(store, run, "completed", "failed")).status == "completed"


async def test_a_killed_workers_run_is_finished_by_the_next(
    store: ServiceRegistry, slow: str
) -> None:
    run = await start(store, model=slow)
    with worker() as first:
        await writing(store, run)
        first.kill()
        first.wait()
    left = await store.get_repository("workflow").find_by_id(run.id)
    assert left.status == "running"
    with worker():
        ended = await reach(store, run, "completed", "failed")
    assert ended.status == "completed"
    events = await store.get_repository("run_event").find_all({"run_id": run.id})
    assert "run_resumed" in {event.type for event in events}
    steps = await store.get_repository("step_run").find_all({"run_id": run.id})
    assert sorted(step.attempt for step in steps) == [1, 1, 2]


async def test_a_worker_whose_launcher_ends_finishes_its_run_and_goes(
    store: ServiceRegistry, slow: str
) -> None:
    run = await start(store, model=slow)
    process = start_worker()
    try:
        await writing(store, run)
        assert process.stdin is not None
        process.stdin.close()
        later = await start(store)
        ended = await reach(store, run, "completed", "failed")
        assert ended.status == "completed"
        assert process.wait(timeout=10) == 0
        assert (await store.get_repository("workflow").find_by_id(later.id)).status == "pending"
    finally:
        process.stdin = None
        end(process)


async def test_a_terminated_worker_hands_its_run_back(store: ServiceRegistry, slow: str) -> None:
    run = await start(store, model=slow)
    with worker() as process:
        await writing(store, run)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert (await store.get_repository("workflow").find_by_id(run.id)).status == "pending"
    assert await store.get_repository("worker_beat").count() == 0


async def test_a_run_in_another_process_is_cancelled_within_five_seconds(
    store: ServiceRegistry, slow: str
) -> None:
    run = await start(store, model=slow)
    with worker():
        await writing(store, run)
        await store.get_service("workflow_engine").cancel_workflow(run.id)

        async def look() -> bool:
            found = await store.get_repository("workflow").find_by_id(run.id)
            return bool(found.status == "cancelled")

        await until(look, seconds=5)
    steps = await store.get_repository("step_run").find_all({"run_id": run.id})
    assert [step.status for step in steps] == ["cancelled"]


async def test_a_run_whose_definition_cannot_be_loaded_fails_and_says_why(
    store: ServiceRegistry,
) -> None:
    run = await start(store)
    stored = await store.get_repository("workflow").find_by_id(run.id)
    stored.definition["steps"][0]["type"] = "Nonsense"
    await store.get_repository("workflow").save(stored)
    with worker():
        ended = await reach(store, run, "completed", "failed")
    assert ended.status == "failed"
    assert "'Nonsense'" in str(ended.error)
