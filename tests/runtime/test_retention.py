"""A deleted run leaves nothing behind."""

from datetime import timedelta

from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import ApprovalStep
from symphony_core.persistence.repository import save_together
from symphony_core.registry import ENTITY_TYPES
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.runtime.retention import AT_ONCE, delete_runs, runs_ended_before
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.orchestration.test_engine import ask, workflow
from tests.support.scripted import answer_with

YEAR = timedelta(days=365)


async def test_everything_of_a_run_goes_with_it_and_nothing_of_another() -> None:
    store = open_registry()
    answer_with(store, [{"match": "", "reply": "x"}])
    engine: WorkflowEngine = store.get_service("workflow_engine")
    definition = workflow(ask("a", "A?"), ApprovalStep("Ok", "Go?"))
    gone, kept = [await engine.execute_workflow(definition) for _ in range(2)]
    for run in (gone, kept):
        await engine.control.pause(run.id)  # leaves a request
    before = {name: await store.get_repository(name).count() for name in ENTITY_TYPES}
    await delete_runs(store, [gone.id])
    for name in ("workflow", "step_run", "run_event", "run_request", "approval", "task"):
        assert await store.get_repository(name).count() * 2 == before[name] > 0, name
    assert await store.get_repository("run_lease").find_by_id(gone.id) is None
    assert await store.get_repository("workflow").find_by_id(kept.id) is not None


async def test_old_are_the_runs_that_ended_before_a_moment() -> None:
    store = open_registry()
    now = utc_now()
    ended = {"status": WorkflowStatus.FAILED, "completed_at": now - timedelta(days=2)}
    for run in (
        Workflow(id="old", name="R", **ended),
        Workflow(id="tagged", name="R", tags=["sample"], **ended),
        Workflow(id="running", name="R", status=WorkflowStatus.RUNNING, created_at=now - YEAR),
        Workflow(id="long", name="R", created_at=now - YEAR, **(ended | {"completed_at": now})),
    ):
        await store.get_repository("workflow").save(run)
    moment = now - timedelta(days=1)
    assert set(await runs_ended_before(store, moment)) == {"old", "tagged"}
    assert await runs_ended_before(store, moment, without="sample") == ["old"]


async def test_more_runs_than_one_statement_takes_are_deleted() -> None:
    store = open_registry()
    runs = store.get_repository("workflow")
    many = [Workflow(name="R") for _ in range(2 * AT_ONCE + 1)]
    await save_together([(runs, run) for run in many])
    await delete_runs(store, [run.id for run in many])
    assert await runs.count() == 0
