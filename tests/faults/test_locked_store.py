"""A store that another program keeps locked: a short while is waited for, a long one is said."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from symphony_core.errors import StorageError
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.runtime.worker import Worker
from tests.orchestration.test_engine import ask, asked, workflow
from tests.support.processes import until
from tests.support.scripted import answer_with

pytestmark = pytest.mark.long

BUSY = 0.3  # seconds that the store is waited for here; five without `?timeout=`


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


@pytest.fixture
def store(file: Path) -> ServiceRegistry:
    return open_registry(f"sqlite:///{file}?timeout={BUSY}")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Nobody else reads or writes for this time."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


TWO_STEPS = workflow(ask("a", "A?"), ask("b", "B?"))
SLOW_SECOND = [{"match": "A?", "reply": "a"}, {"match": "", "reply": "b " * 60, "delay_s": 0.02}]


async def test_a_short_lock_is_not_noticed(store: ServiceRegistry, file: Path) -> None:
    model = answer_with(store, SLOW_SECOND)
    engine: WorkflowEngine = store.get_service("workflow_engine")
    running = asyncio.create_task(engine.execute_workflow(TWO_STEPS))
    await asked(model)
    with locked(file):
        await asyncio.sleep(BUSY / 2)
    assert (await running).status == "completed"


async def test_a_long_lock_ends_the_work_and_the_run_goes_on_later(
    store: ServiceRegistry, file: Path
) -> None:
    model = answer_with(store, SLOW_SECOND)
    engine: WorkflowEngine = store.get_service("workflow_engine")
    run = engine.new_run(TWO_STEPS)
    running = asyncio.create_task(engine.execute_run(run))

    async def look() -> bool:
        return len(model.prompts) == 2

    await until(look)
    with locked(file), pytest.raises(StorageError, match="locked"):
        await asyncio.wait_for(running, 10)
    assert (await engine.run_workflow(run.id)).status == "completed"
    assert [prompt.text for prompt in model.prompts] == ["A?", "B?", "B?"]


async def test_a_worker_outlives_a_long_lock(store: ServiceRegistry, file: Path) -> None:
    model = answer_with(store, SLOW_SECOND)
    engine: WorkflowEngine = store.get_service("workflow_engine")
    run = engine.new_run(TWO_STEPS)
    await engine.start_run(run)
    working = asyncio.create_task(Worker(store).work())
    await asked(model)
    with locked(file):
        await asyncio.sleep(4 * BUSY)

    async def look() -> bool:
        return (await engine.control.find(run.id)).status == "completed"

    await until(look)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
