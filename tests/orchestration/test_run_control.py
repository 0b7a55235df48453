"""What people may ask of runs, and that it is so afterwards."""

import asyncio
from typing import Any

import pytest

from symphony_core.errors import DefinitionError, EntityNotFound, LeaseLost, NotPossible
from symphony_core.execution.retry import RetryPolicy
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import ApprovalStep, LoopStep, ParallelStep
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import RunLimits, Workflow
from tests.orchestration.test_engine import ask, asked, events_of, steps_of, workflow
from tests.support.processes import until
from tests.support.scripted import answer_with

SLOW = {"match": "", "reply": "word " * 400, "delay_s": 0.02}


def engine_of(registry: ServiceRegistry) -> WorkflowEngine:
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    return engine


async def stored(registry: ServiceRegistry, run: Workflow) -> Workflow:
    found: Workflow = await registry.get_repository("workflow").find_by_id(run.id)
    return found


async def test_a_paused_run_finishes_its_step_begins_none_and_goes_on_where_it_was(
    store: ServiceRegistry,
) -> None:
    model = answer_with(
        store, [{"match": "A?", "reply": "a " * 30, "delay_s": 0.02}, {"match": ""}]
    )
    engine = engine_of(store)
    run = engine.new_run(workflow(ask("a", "A?"), ask("b", "B?")))
    running = asyncio.create_task(engine.execute_run(run))
    await asked(model)
    await engine.control.pause(run.id)
    paused = await asyncio.wait_for(running, 5)
    assert (paused.status, len(model.prompts)) == ("paused", 1)
    assert str(paused.waits_for).startswith("It was paused")
    assert (await steps_of(store, run))["a"].status == "completed"
    assert not await engine.leases.is_held(run.id)

    assert (await engine.control.resume(run.id)).status == "pending"
    assert (await engine.run_workflow(run.id)).status == "completed"
    assert [p.text for p in model.prompts] == ["A?", "B?"]
    assert "run_resumed" in await events_of(store, run)


async def test_a_run_that_waits_for_a_worker_can_be_paused_and_resumed(
    store: ServiceRegistry,
) -> None:
    answer_with(store, [{"match": "", "reply": "a"}])
    engine = engine_of(store)
    run = engine.new_run(workflow(ask("a", "A?")))
    await engine.start_run(run)
    assert (await engine.control.pause(run.id)).status == "paused"
    assert (await engine.control.pause(run.id)).status == "paused"
    assert (await engine.control.resume(run.id)).status == "pending"
    assert (await engine.run_workflow(run.id)).status == "completed"
    with pytest.raises(NotPossible, match="is over"):
        await engine.control.pause(run.id)
    with pytest.raises(NotPossible, match="is over"):
        await engine.control.resume(run.id)
    with pytest.raises(EntityNotFound, match="'nowhere'"):
        await engine.control.pause("nowhere")


async def test_a_paused_run_can_be_cancelled(store: ServiceRegistry) -> None:
    engine = engine_of(store)
    run = engine.new_run(workflow(ask("a", "A?")))
    await engine.start_run(run)
    await engine.control.pause(run.id)
    assert (await engine.cancel_workflow(run.id)).status == "cancelled"
    assert (await stored(store, run)).completed_at is not None


async def test_no_step_of_a_cancelled_run_waits_any_more(store: ServiceRegistry) -> None:
    answer_with(store, [{"match": "", "reply": "a"}])
    engine = engine_of(store)
    loop = LoopStep("L", [ask("a", "A?"), ApprovalStep("Check", "{{step.a.result}}")])
    run = await engine.execute_workflow(workflow(loop))
    assert run.status == "waiting"
    assert (await engine.cancel_workflow(run.id)).status == "cancelled"
    statuses = {row.type: row.status for row in (await steps_of(store, run)).values()}
    assert statuses == {"loop": "cancelled", "task": "completed", "approval": "cancelled"}


@pytest.mark.parametrize(
    ("limits", "words", "more"),
    [
        ({"model_calls": 2}, "2 model calls", {"model_calls": 3}),
        ({"tokens": 4}, "4 tokens", {"tokens": 100}),
    ],
)
async def test_a_run_at_its_limit_pauses_and_asks(
    store: ServiceRegistry, limits: dict[str, Any], words: str, more: dict[str, Any]
) -> None:
    model = answer_with(store, [{"match": "", "reply": "one"}])
    engine = engine_of(store)
    steps = [ask(step_id, "?", agent_id="assistant") for step_id in "abc"]
    agents = store.get_repository("agent_config")
    assistant = await agents.find_by_id("assistant")
    if assistant is not None:
        assistant.instruction_template = "Short."
        await agents.save(assistant)
    run = await engine.execute_workflow(workflow(*steps), limits=RunLimits(**limits))
    if "tokens" in limits and assistant is None:
        return
    assert run.status == "paused"
    assert words in str(run.waits_for)
    assert "Raise the limit" in str(run.waits_for)
    made = len(model.prompts)
    assert made == run.model_calls < 3
    tasks = await store.get_repository("task").find_all({"workflow_id": run.id})
    assert "running" not in {task.status for task in tasks}

    await engine.control.resume(run.id, limits=RunLimits(**more))
    done = await engine.run_workflow(run.id)
    assert (done.status, len(model.prompts)) == ("completed", 3)
    assert {row.attempt for row in (await steps_of(store, run)).values()} == {1}


async def test_parallel_steps_over_a_limit_let_the_others_finish(store: ServiceRegistry) -> None:
    model = answer_with(store, [{"match": "", "reply": "x", "delay_s": 0.05}])
    engine = engine_of(store)
    both = ParallelStep("All", [ask(step_id, "?") for step_id in "abc"])
    run = await engine.execute_workflow(workflow(both), limits=RunLimits(model_calls=2))
    assert run.status == "paused"
    rows = (await steps_of(store, run)).values()
    assert sorted(row.status for row in rows if row.type == "task") == [
        "completed",
        "completed",
        "paused",
    ]
    await engine.control.resume(run.id, limits=RunLimits())
    assert (await engine.run_workflow(run.id)).status == "completed"
    assert len(model.prompts) == 3


async def test_a_step_and_a_run_have_limits_of_time(store: ServiceRegistry) -> None:
    answer_with(store, [SLOW])
    engine = engine_of(store)
    run = await engine.execute_workflow(workflow(ask("a", "A?", timeout_s=0.2)))
    assert run.error == "Step 'A' failed: It took longer than its time limit of 0.2 s."
    assert (await steps_of(store, run))["a"].attempt == 1
    limits = RunLimits(seconds=0.3)
    run = await engine.execute_workflow(workflow(ask("a", "A?")), limits=limits)
    assert (run.status, run.error) == ("failed", "It took longer than its time limit of 0.3 s.")
    assert (await steps_of(store, run))["a"].status == "cancelled"


async def test_a_passing_failure_is_tried_again_and_seen(store: ServiceRegistry) -> None:
    model = answer_with(
        store,
        [
            {"match": "", "error": "Too busy.", "retryable": True, "times": 2},
            {"match": "", "reply": "Here."},
        ],
    )
    step = ask("a", "A?", retry=RetryPolicy(max_retries=2, delay_s=0.01))
    run = await engine_of(store).execute_workflow(workflow(step))
    assert (run.status, len(model.prompts)) == ("completed", 3)
    row = (await steps_of(store, run))["a"]
    assert (row.attempt, row.output) == (3, "Here.")
    assert [(a.number, a.status, a.error) for a in row.attempts] == [
        (1, "failed", "Too busy."),
        (2, "failed", "Too busy."),
    ]
    assert (await events_of(store, run)).count("step_failed") == 2
    assert run.metadata["context"]["step.a.result"] == "Here."


async def test_a_failure_that_will_not_pass_is_not_tried_again(store: ServiceRegistry) -> None:
    model = answer_with(store, [{"match": "", "error": "Wrong key."}])
    run = await engine_of(store).execute_workflow(workflow(ask("a", "A?")))
    assert (run.error, len(model.prompts)) == ("Step 'A' failed: Wrong key.", 1)


async def test_a_run_is_cancelled_while_it_waits_to_try_again(store: ServiceRegistry) -> None:
    model = answer_with(store, [{"match": "", "error": "Busy.", "retryable": True}])
    engine = engine_of(store)
    step = ask("a", "A?", retry=RetryPolicy(max_retries=3, delay_s=60))
    run = engine.new_run(workflow(step))
    running = asyncio.create_task(engine.execute_run(run))

    async def is_waiting() -> bool:
        row = (await steps_of(store, run)).get("a")
        return row is not None and row.retry_at is not None

    await until(is_waiting)
    await engine.cancel_workflow(run.id)
    assert (await asyncio.wait_for(running, 5)).status == "cancelled"
    assert len(model.prompts) == 1


async def test_a_failed_run_is_retried_as_a_new_one_that_repeats_nothing(
    store: ServiceRegistry,
) -> None:
    model = answer_with(
        store,
        [
            {"match": "B?", "error": "Down.", "times": 1},
            {"match": "A?", "reply": "a"},
            {"match": "B?", "reply": "b"},
            {"match": "C?", "reply": "c"},
        ],
    )
    engine = engine_of(store)
    both = ParallelStep("Both", [ask("a", "A?"), ask("b", "B?")])
    definition = workflow(both, ask("c", "C? {{step.a.result}}{{step.b.result}}"))
    failed = await engine.execute_workflow(definition)
    retried = await engine.control.fork(failed.id)
    assert (retried.status, retried.forked_from) == ("pending", failed.id)
    done = await engine.run_workflow(retried.id)
    assert done.status == "completed"
    prompts = [prompt.text for prompt in model.prompts]
    assert [*sorted(prompts[:2]), *prompts[2:]] == ["A?", "B?", "B?", "C? ab"]
    assert (await stored(store, failed)).status == "failed"
    rows = await steps_of(store, retried)
    assert [path for path, row in rows.items() if row.taken_over] == [f"{both.id}/a"]
    assert done.model_calls == 2
    assert done.steps_done == 3
    with pytest.raises(NotPossible, match="has not failed"):
        await engine.control.fork(done.id)


async def test_a_run_is_run_again_from_a_step_in_a_loop_with_another_prompt(
    store: ServiceRegistry,
) -> None:
    model = answer_with(store, [{"match": "", "reply": "x"}])
    engine = engine_of(store)
    loop = LoopStep("L", [ask("one", "One"), ask("two", "Two")], max_iterations=2)
    loop.id = "l"
    first = await engine.execute_workflow(workflow(ask("a", "A?"), loop, ask("z", "Z?")))
    model.prompts.clear()
    again = await engine.control.fork(first.id, at="l#2/one", prompt="Better")
    done = await engine.run_workflow(again.id)
    assert done.status == "completed"
    assert [p.text for p in model.prompts] == ["Better", "Two", "Z?"]
    assert (done.forked_from, done.forked_at) == (first.id, "l#2/one")
    assert done.metadata["context"]["step.l"]["total_iterations"] == 2


async def test_a_run_is_run_again_with_other_inputs(store: ServiceRegistry) -> None:
    model = answer_with(store, [{"match": "", "reply": "x"}])
    engine = engine_of(store)
    first = await engine.execute_workflow(
        workflow(ask("a", "A {{topic}}"), ask("b", "B {{topic}}")), {"topic": "sea"}
    )
    again = await engine.control.fork(first.id, at="b", inputs={"topic": "sand"})
    await engine.run_workflow(again.id)
    assert [p.text for p in model.prompts] == ["A sea", "B sea", "B sand"]
    with pytest.raises(NotPossible, match="no step 'nowhere'"):
        await engine.control.fork(first.id, at="nowhere")
    with pytest.raises(DefinitionError, match="missing"):
        await engine.control.fork(first.id, at="b", prompt="{{step.missing.result}}")


async def test_only_a_run_that_is_not_under_way_is_forked(store: ServiceRegistry) -> None:
    answer_with(store, [SLOW])
    engine = engine_of(store)
    run = engine.new_run(workflow(ask("a", "A?")))
    await engine.start_run(run)
    with pytest.raises(NotPossible, match="is pending"):
        await engine.control.fork(run.id)


async def test_a_step_that_must_not_run_twice_fails_after_an_interruption(
    store: ServiceRegistry,
) -> None:
    model = answer_with(store, [SLOW])
    engine = engine_of(store)
    run = engine.new_run(workflow(ask("a", "A?", retry_after_crash=False)))
    running = asyncio.create_task(engine.execute_run(run))
    await asked(model)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    ended = await WorkflowEngine(store).run_workflow(run.id)
    assert ended.status == "failed"
    assert "must not run twice" in str(ended.error)
    assert len(model.prompts) == 1


async def test_a_run_deleted_while_it_runs_stops_and_leaves_nothing(store: ServiceRegistry) -> None:
    model = answer_with(store, [SLOW])
    engine = engine_of(store)
    run = engine.new_run(workflow(ask("a", "A?")))
    running = asyncio.create_task(engine.execute_run(run))
    await asked(model)
    for name in ("workflow", "run_lease"):
        await store.get_repository(name).delete(run.id)
    with pytest.raises(LeaseLost, match="or deleted"):
        await asyncio.wait_for(running, 5)
    assert await store.get_repository("workflow").find_by_id(run.id) is None


async def test_a_worker_that_comes_late_leaves_a_paused_run_alone(store: ServiceRegistry) -> None:
    model = answer_with(store, [{"match": "", "reply": "a"}])
    engine = engine_of(store)
    run = engine.new_run(workflow(ask("a", "A?")))
    await engine.start_run(run)
    await engine.control.pause(run.id)
    assert (await engine.run_workflow(run.id, even_paused=False)).status == "paused"
    assert not model.prompts
    assert (await engine.run_workflow(run.id)).status == "completed"
