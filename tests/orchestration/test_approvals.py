"""A run asks a person, waits without a worker, and goes on with the answer."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.errors import DefinitionError, NotPossible, StepFailed
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import ApprovalStep, LoopStep, ParallelStep
from symphony_core.orchestration.workflow_definition import WorkflowContext
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import Workflow
from tests.orchestration.test_engine import ask, events_of, steps_of, workflow
from tests.support.processes import until, worker
from tests.support.scripted import answer_with


def engine_of(registry: ServiceRegistry) -> WorkflowEngine:
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    return engine


def approval(step_id: str = "ok", message: str = "Go?", **fields: Any) -> ApprovalStep:
    step = ApprovalStep(step_id.title(), message, **fields)
    step.id = step_id
    return step


async def the_question(engine: WorkflowEngine, run: Workflow) -> Approval:
    (asked,) = await engine.control.questions(run.id)
    return asked


async def test_a_waiting_run_holds_no_lease_and_goes_on_with_the_answer(
    store: ServiceRegistry,
) -> None:
    model = answer_with(store, [{"match": "Write", "reply": "Draft."}, {"match": ""}])
    engine = engine_of(store)
    steps = [
        ask("a", "Write"),
        approval(message="Publish?", text="{{step.a.result}}"),
        ask("b", "Print {{step.ok.result}} ({{step.ok.decision}}, {{step.ok.note}})"),
    ]
    run = await engine.execute_workflow(workflow(*steps))
    assert (run.status, run.waits_for) == ("waiting", "'Ok' waits for an answer.")
    assert not await engine.leases.is_held(run.id)
    assert (await steps_of(store, run))["ok"].status == "waiting"
    asked = await the_question(engine, run)
    assert (asked.message, asked.text, asked.path) == ("Publish?", "Draft.", "ok")

    await engine.control.answer(asked.id, ApprovalStatus.EDITED, text="Better.", note="short")
    done = await engine.run_workflow(run.id)
    assert done.status == "completed"
    assert [p.text for p in model.prompts] == ["Write", "Print Better. (edited, short)"]
    assert (await steps_of(store, run))["ok"].attempt == 1
    assert "step_waiting" in await events_of(store, run)
    with pytest.raises(NotPossible, match="is over"):
        await engine.control.answer(asked.id, ApprovalStatus.APPROVED)


async def test_two_answers_are_not_both_taken(store: ServiceRegistry) -> None:
    engine = engine_of(store)
    run = await engine.execute_workflow(workflow(approval()))
    asked = await the_question(engine, run)
    outcomes = await asyncio.gather(
        engine.control.answer(asked.id, ApprovalStatus.APPROVED),
        engine.control.answer(asked.id, ApprovalStatus.REJECTED),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Approval", "NotPossible"]


@pytest.mark.parametrize("on_reject", ["fail", "continue"])
async def test_a_rejection_fails_the_run_or_is_a_result(
    store: ServiceRegistry, on_reject: str
) -> None:
    engine = engine_of(store)
    run = await engine.execute_workflow(workflow(approval(on_reject=on_reject)))
    asked = await the_question(engine, run)
    await engine.control.answer(asked.id, ApprovalStatus.REJECTED, note="Not now.")
    done = await engine.run_workflow(run.id)
    if on_reject == "fail":
        assert done.error == "Step 'Ok' failed: It was rejected: Not now."
    else:
        assert done.metadata["context"]["step.ok.decision"] == "rejected"


async def test_each_turn_of_a_loop_asks_anew(store: ServiceRegistry) -> None:
    model = answer_with(store, [{"match": "", "reply": "draft"}])
    engine = engine_of(store)
    body = [ask("a", "Write"), approval(on_reject="continue")]
    loop = LoopStep("L", body, "step.ok.decision == 'approved'", max_iterations=3)
    loop.id = "l"
    run = await engine.execute_workflow(workflow(loop))
    for turn, status in ((1, ApprovalStatus.REJECTED), (2, ApprovalStatus.APPROVED)):
        assert run.status == "waiting"
        asked = await the_question(engine, run)
        assert asked.path == f"l#{turn}/ok"
        await engine.control.answer(asked.id, status)
        run = await engine.run_workflow(run.id)
    assert run.status == "completed"
    assert len(model.prompts) == 2
    assert run.metadata["context"]["step.l"]["converged"] is True


async def test_parallel_steps_go_on_beside_a_question_and_are_not_repeated(
    store: ServiceRegistry,
) -> None:
    model = answer_with(store, [{"match": "", "reply": "x " * 20, "delay_s": 0.05}])
    engine = engine_of(store)
    both = ParallelStep("Both", [approval("one"), ask("a", "A?"), approval("two")])
    run = await engine.execute_workflow(workflow(both, ask("z", "Z?")))
    assert run.status == "waiting"
    assert (await steps_of(store, run))[f"{both.id}/a"].status == "completed"
    for asked in await engine.control.questions(run.id):
        await engine.control.answer(asked.id, ApprovalStatus.APPROVED)
        run = await engine.run_workflow(run.id)
    assert run.status == "completed"
    assert [p.text for p in model.prompts] == ["A?", "Z?"]


async def test_an_answer_is_heard_while_other_steps_are_under_way(store: ServiceRegistry) -> None:
    model = answer_with(
        store, [{"match": "Slow", "reply": "x " * 200, "delay_s": 0.02}, {"match": ""}]
    )
    engine = engine_of(store)
    ok_then = LoopStep("Then", [approval(), ask("b", "Quick")], max_iterations=1)
    both = ParallelStep("Both", [ok_then, ask("a", "Slow")])
    run = engine.new_run(workflow(both))
    running = asyncio.create_task(engine.execute_run(run))
    await until(lambda: engine.control.questions(run.id))
    asked = await the_question(engine, run)
    await engine.control.answer(asked.id, ApprovalStatus.APPROVED)

    async def look() -> bool:
        return any(prompt.text == "Quick" for prompt in model.prompts)

    await until(look)
    assert not running.done()
    await engine.cancel_workflow(run.id)
    assert (await running).status == "cancelled"


async def test_nobodys_answer_in_time_fails_the_run_and_is_said(store: ServiceRegistry) -> None:
    engine = engine_of(store)
    run = await engine.execute_workflow(workflow(approval(timeout_s=3600)))
    assert run.status == "waiting"
    asked = await the_question(engine, run)
    late = WorkflowEngine(store, clock=lambda: utc_now() + timedelta(hours=2))
    with pytest.raises(NotPossible, match="time to answer 'Ok' is over"):
        await late.control.answer(asked.id, ApprovalStatus.APPROVED)
    await late.control.wake()
    done = await late.run_workflow(run.id)
    assert done.error == "Step 'Ok' failed: Nobody answered within 3,600 seconds."


async def test_a_waiting_run_is_cancelled_or_paused_at_once(store: ServiceRegistry) -> None:
    engine = engine_of(store)
    first = await engine.execute_workflow(workflow(approval()))
    assert (await engine.cancel_workflow(first.id)).status == "cancelled"
    second = await engine.execute_workflow(workflow(approval()))
    assert (await engine.control.pause(second.id)).status == "paused"
    await engine.control.answer((await the_question(engine, second)).id, ApprovalStatus.APPROVED)
    assert (await engine.control.find(second.id)).status == "paused"
    await engine.control.resume(second.id)
    assert (await engine.run_workflow(second.id)).status == "completed"


async def test_a_worker_goes_on_with_what_was_answered_or_is_overdue(tmp_path: Path) -> None:
    store = open_registry()
    engine = engine_of(store)
    answered = engine.new_run(workflow(approval()))
    overdue = engine.new_run(workflow(approval(timeout_s=1)))
    for run in (answered, overdue):
        await engine.start_run(run)

    async def status_is(run: Workflow, *wanted: str) -> bool:
        return (await engine.control.find(run.id)).status in wanted

    with worker():
        await until(lambda: status_is(answered, "waiting"))
        await engine.control.answer(
            (await the_question(engine, answered)).id, ApprovalStatus.APPROVED
        )
        await until(lambda: status_is(answered, "completed"))
        await until(lambda: status_is(overdue, "failed"))


async def test_only_a_run_can_wait_for_a_person(registry: ServiceRegistry) -> None:
    with pytest.raises(StepFailed, match="only a run can wait"):
        await approval().execute(WorkflowContext("w", {}, registry))
    with pytest.raises(DefinitionError, match="on_reject is 'fail' or 'continue'"):
        approval(on_reject="never")
    with pytest.raises(DefinitionError, match="timeout_s is a number of seconds"):
        approval(timeout_s=-1)


async def test_a_cancelled_run_asks_nothing_any_more(store: ServiceRegistry) -> None:
    engine = engine_of(store)
    run = await engine.execute_workflow(workflow(approval()))
    await engine.cancel_workflow(run.id)
    assert await engine.control.questions(run.id) == []
    (asked,) = await store.get_repository("approval").find_all({"run_id": run.id})
    assert asked.status == "withdrawn"
    assert (await steps_of(store, run))["ok"].status == "cancelled"
