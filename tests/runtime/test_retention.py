"""A deleted run leaves nothing behind."""

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import ApprovalStep
from symphony_core.registry import ENTITY_TYPES
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.runtime.retention import delete_runs
from tests.orchestration.test_engine import ask, workflow
from tests.support.scripted import answer_with


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
