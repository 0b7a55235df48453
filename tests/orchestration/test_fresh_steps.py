"""A step that ends quickly is written once, and one that dies quickly is known all the same."""

import asyncio
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from symphony_core.errors import LeaseLost
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.journal import PROGRESS_SECONDS
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunRequest
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import Workflow
from tests.orchestration.test_engine import ask, engine_of, events_of, steps_of, workflow
from tests.support.odd_steps import DyingStep, LastingStep
from tests.support.processes import until
from tests.support.scripted import answer_with
from tests.support.tale import named

RUN_IT = """
import asyncio, sys
from symphony_core.runtime.bootstrap import open_registry
import tests.support.odd_steps

async def run():
    registry = open_registry(sys.argv[1])
    run = await registry.get_repository("workflow").find_by_id(sys.argv[2])
    await registry.get_service("workflow_engine").run_workflow(run.id)

asyncio.run(run())
"""


async def test_a_step_that_ends_at_once_is_written_once(store: ServiceRegistry) -> None:
    answer_with(store, [{"match": "", "reply": "a"}])
    run = await engine_of(store).execute_workflow(workflow(ask("a", "A?"), ask("b", "B?")))
    steps = await steps_of(store, run)
    assert [(s.path, s.status, s.version) for s in steps.values()] == [
        ("a", "completed", 1),
        ("b", "completed", 1),
    ]
    told = await events_of(store, run)
    assert told[2:-1] == ["step_started", "step_completed"] * 2


async def test_a_step_that_goes_on_is_soon_seen(store: ServiceRegistry) -> None:
    engine = engine_of(store)
    run = engine.new_run(workflow(named(LastingStep("A"), "a")))
    running = asyncio.create_task(engine.execute_run(run))

    async def is_seen() -> bool:
        return "a" in await steps_of(store, run)

    await until(is_seen)
    assert (await steps_of(store, run))["a"].status == "running"
    await engine.control.cancel(run.id)
    assert (await running).status == "cancelled"
    assert (await steps_of(store, run))["a"].status == "cancelled"


class SlowRequests(InMemoryRepository[RunRequest]):
    """Takes its time to tell what was asked of a run."""

    async def find_by_id(self, entity_id: str) -> RunRequest | None:
        await asyncio.sleep(3 * PROGRESS_SECONDS)
        return await super().find_by_id(entity_id)


class PausingStep(WorkflowStep, type_name="pausing"):
    """Asks its own run to pause."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        await context.get_service("workflow_engine").control.pause(context.workflow_id)
        return StepResult(True)


async def test_a_step_that_may_not_begin_after_all_leaves_nothing(
    registry: ServiceRegistry,
) -> None:
    registry.register_repository("run_request", SlowRequests(RunRequest))
    steps = named(PausingStep("A"), "a"), named(LastingStep("B"), "b")
    run = await engine_of(registry).execute_workflow(workflow(*steps))
    assert run.status == "paused"
    await asyncio.sleep(2 * PROGRESS_SECONDS)
    assert list(await steps_of(registry, run)) == ["a"]
    assert (await events_of(registry, run)).count("step_started") == 1


async def test_a_step_whose_process_died_at_once_is_known(tmp_path: Path) -> None:
    registry = open_registry(f"sqlite:///{tmp_path / 's.db'}")
    again, once = named(DyingStep("Again"), "again"), named(DyingStep("Once"), "once")
    once.retry_after_crash = False
    ends = await asyncio.gather(*(_died_in(step, registry, tmp_path) for step in (again, once)))
    assert [run.status for run in ends] == ["completed", "failed"]
    assert "must not run twice" in str(ends[1].error)
    first, second = [(await steps_of(registry, run)).popitem()[1] for run in ends]
    assert (first.attempt, [before.number for before in first.attempts]) == (2, [1])
    assert first.started_at > first.attempts[0].started_at
    assert (second.attempt, second.type, second.step_id) == (1, "dying", "once")


async def _died_in(step: DyingStep, registry: ServiceRegistry, folder: Path) -> Workflow:
    """Return the run of a step whose process died in it, run on here."""
    engine = WorkflowEngine(registry)
    run = engine.new_run(workflow(step), {"folder": str(folder)})
    await engine.start_run(run)
    url = f"sqlite:///{folder / 's.db'}"
    command = [sys.executable, "-c", RUN_IT, url, run.id]
    died = await asyncio.to_thread(subprocess.run, command, capture_output=True)
    assert died.returncode == 1, died.stderr
    assert (folder / step.id).exists()
    assert await steps_of(registry, run) == {}
    assert (await events_of(registry, run))[-1] == "step_started"

    async def run_on() -> Workflow | None:
        with suppress(LeaseLost):  # the one that died may still be alive, for all anyone knows
            return await engine.run_workflow(run.id)
        return None

    return await until(run_on)
