"""What a run does, keeps, and tells."""

import asyncio
import json
from typing import Any

import pytest

from symphony_core.errors import DefinitionError, EntityNotFound, LeaseLost, NotStorable
from symphony_core.execution.observer import OBSERVER
from symphony_core.models.scripted import ScriptedModel
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import (
    WorkflowContext,
    WorkflowDefinition,
    WorkflowInput,
)
from symphony_core.plain_data import MAX_DEPTH
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun
from symphony_core.task import Task
from symphony_core.workflow import Workflow
from tests.support.processes import until
from tests.support.scripted import answer_with


def ask(step_id: str, query: str, **fields: Any) -> TaskStep:
    step = TaskStep(step_id.capitalize(), {"input_data": {"query": query}}, **fields)
    step.id = step_id
    return step


def workflow(*steps: WorkflowStep, **fields: Any) -> WorkflowDefinition:
    definition = WorkflowDefinition(name="W", **fields)
    for step in steps:
        definition = definition.add_step(step)
    return definition


def engine_of(registry: ServiceRegistry) -> WorkflowEngine:
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    return engine


async def steps_of(registry: ServiceRegistry, run: Workflow) -> dict[str, StepRun]:
    found = await registry.get_repository("step_run").find_all({"run_id": run.id})
    return {
        step.path: step for step in sorted(found, key=lambda step: (step.started_at, step.path))
    }


async def asked(model: ScriptedModel) -> None:
    async def look() -> bool:
        return bool(model.prompts)

    await until(look)


async def events_of(registry: ServiceRegistry, run: Workflow) -> list[str]:
    found = await registry.get_repository("run_event").find_page(
        {"run_id": run.id}, order_by="number", descending=False, limit=100
    )
    assert [event.number for event in found] == list(range(1, len(found) + 1))
    return [event.type for event in found]


async def test_a_later_step_gets_what_an_earlier_one_left(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": "Write", "reply": "The tides."}, {"match": ""}])
    run = await engine_of(registry).execute_workflow(
        workflow(
            ask("draft", "Write about {{topic}}."), ask("check", "Check: {{step.draft.result}}")
        ),
        {"topic": "the sea"},
    )
    assert run.status == "completed"
    assert [p.text for p in model.prompts] == ["Write about the sea.", "Check: The tides."]
    context = run.metadata["context"]
    assert context["topic"] == "the sea"
    assert context["step.draft.name"] == "Draft"
    assert context["step.draft.agent_id"] == "assistant"
    assert await registry.get_repository("task").find_by_id(context["step.draft.task_id"])


async def test_a_value_that_looks_like_a_reference_is_not_filled_again(
    registry: ServiceRegistry,
) -> None:
    model = answer_with(registry, [{"match": "Write", "reply": "{{topic}}"}, {"match": ""}])
    await engine_of(registry).execute_workflow(
        workflow(ask("a", "Write."), ask("b", "Then: {{step.a.result}}")), {"topic": "secret"}
    )
    assert model.prompts[1].text == "Then: {{topic}}"


async def test_every_event_is_numbered_and_every_step_stored(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "Yes."}])
    run = await engine_of(registry).execute_workflow(workflow(ask("a", "A?"), ask("b", "B?")))
    assert await events_of(registry, run) == [
        "run_created",
        "run_started",
        "step_started",
        "step_completed",
        "step_started",
        "step_completed",
        "run_completed",
    ]
    steps = await steps_of(registry, run)
    assert list(steps) == ["a", "b"]
    assert (steps["a"].prompt, steps["a"].output, steps["a"].model) == ("A?", "Yes.", "scripted")
    assert steps["a"].routing is not None
    assert steps["a"].routing["reason"] == "Assistant: nothing matches, so the first"
    assert run.input_tokens == sum(step.input_tokens for step in steps.values()) > 0
    assert (run.steps_done, run.steps_total) == (2, 2)


async def test_the_first_failure_ends_the_run_and_is_named(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": "A?", "error": "No paper left."}])
    run = await engine_of(registry).execute_workflow(workflow(ask("a", "A?"), ask("b", "B?")))
    assert (run.status, run.error) == ("failed", "Step 'A' failed: No paper left.")
    assert len(model.prompts) == 1
    assert (await steps_of(registry, run))["a"].error == "No paper left."
    assert (await events_of(registry, run))[-1] == "run_failed"


@pytest.mark.parametrize(("word", "way"), [("COMPLEX", "if"), ("simple", "else")])
async def test_a_condition_chooses_the_branch(
    registry: ServiceRegistry, word: str, way: str
) -> None:
    model = answer_with(registry, [{"match": "Which", "reply": f" {word} "}, {"match": ""}])
    condition = "step.kind.result.strip().upper() == 'COMPLEX'"
    choice = ConditionalStep("Path", condition, ask("hard", "Hard way"), ask("easy", "Easy way"))
    choice.id = "path"
    run = await engine_of(registry).execute_workflow(workflow(ask("kind", "Which?"), choice))
    context = run.metadata["context"]
    assert context["step.path.branch_taken"] == way
    assert context["step.path.condition_result"] is (way == "if")
    assert model.prompts[1].text == ("Hard way" if way == "if" else "Easy way")
    assert list(await steps_of(registry, run)) == [
        "kind",
        "path",
        f"path/{'hard' if way == 'if' else 'easy'}",
    ]
    assert (await steps_of(registry, run))["path"].result["branch_taken"] == way


async def test_a_condition_that_cannot_be_evaluated_fails_the_step(
    registry: ServiceRegistry,
) -> None:
    answer_with(registry, [{"match": "", "reply": "x"}])
    choice = ConditionalStep("Path", "step.nowhere.result == 'x'", ask("a", "A?"))
    run = await engine_of(registry).execute_workflow(workflow(choice))
    assert run.status == "failed"
    assert run.error is not None
    assert "step.nowhere.result" in run.error


async def test_no_branch_is_a_way_too(registry: ServiceRegistry) -> None:
    choice = ConditionalStep("Path", "1 == 2", ask("a", "A?"))
    run = await engine_of(registry).execute_workflow(workflow(choice))
    assert run.status == "completed"
    assert run.metadata["context"][f"step.{choice.id}.branch_taken"] == "none"


async def test_parallel_steps_run_side_by_side_and_keep_their_order(
    registry: ServiceRegistry,
) -> None:
    answer_with(
        registry,
        [
            {"match": "one", "reply": "first", "delay_s": 0.1},
            {"match": "two", "reply": "second"},
            {"match": "Sum"},
        ],
    )
    both = ParallelStep("Both", [ask("x", "one"), ask("y", "two")])
    both.id = "both"
    run = await engine_of(registry).execute_workflow(
        workflow(both, ask("sum", "Sum {{step.both.results.1.result}} {{step.x.result}}"))
    )
    context = run.metadata["context"]
    assert [row["result"] for row in context["step.both.results"]] == ["first", "second"]
    assert context["step.both.results"][0] == {
        "id": "x",
        "name": "X",
        "result": "first",
        "agent_id": "assistant",
    }
    steps = await steps_of(registry, run)
    assert steps["both/y"].completed_at < steps["both/x"].completed_at  # type: ignore[operator]
    assert steps["sum"].prompt == "Sum second first"


async def test_one_failing_parallel_step_lets_the_others_finish(registry: ServiceRegistry) -> None:
    answer_with(
        registry,
        [{"match": "one", "error": "Broken."}, {"match": "two", "reply": "ok", "delay_s": 0.05}],
    )
    run = await engine_of(registry).execute_workflow(
        workflow(ParallelStep("Both", [ask("x", "one"), ask("y", "two")]))
    )
    assert run.error == "Step 'Both' failed: Step 'X' failed: Broken."
    steps = {path.split("/")[-1]: step for path, step in (await steps_of(registry, run)).items()}
    assert steps["y"].status == "completed"


async def test_a_thousand_parallel_steps_run(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "Said."}])
    steps = [ask(f"s{i}", "q") for i in range(1000)]
    everything = ParallelStep("All", steps, max_concurrency=1000)
    run = await engine_of(registry).execute_workflow(workflow(everything))
    assert (run.status, run.steps_done) == ("completed", 1000)


async def test_no_more_parallel_steps_run_at_once_than_allowed(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "a b c d"}], delay_s=0.01)
    steps = [ask(f"s{i}", "q") for i in range(6)]
    run = await engine_of(registry).execute_workflow(
        workflow(ParallelStep("All", steps, max_concurrency=2))
    )
    rows = [r for path, r in (await steps_of(registry, run)).items() if "/" in path]
    overlapping = max(
        sum(o.started_at <= r.started_at < (o.completed_at or o.started_at) for o in rows)
        for r in rows
    )
    tasks = await registry.get_repository("task").find_all()
    at_once = max(sum(o.started_at <= t.started_at < o.completed_at for o in tasks) for t in tasks)
    assert at_once == 2
    assert overlapping == 2


async def test_a_loop_ends_when_its_condition_holds(registry: ServiceRegistry) -> None:
    answer_with(
        registry,
        [
            {"match": "Improve", "reply": "better", "times": 1},
            {"match": "Improve", "reply": "Perfect!", "times": 1},
        ],
    )
    loop = LoopStep(
        "Refine", ask("turn", "Improve"), "'perfect' in step.result.lower()", max_iterations=5
    )
    loop.id = "refine"
    run = await engine_of(registry).execute_workflow(workflow(loop))
    context = run.metadata["context"]
    assert context["step.refine"] == {
        "iterations": {"1": {"result": "better"}, "2": {"result": "Perfect!"}},
        "total_iterations": 2,
        "converged": True,
    }
    assert context["step.refine.result"] == context["step.turn.result"] == "Perfect!"
    assert "step.result" not in context
    assert list(await steps_of(registry, run)) == ["refine", "refine#1/turn", "refine#2/turn"]


async def test_a_loop_starts_from_a_text_and_goes_on_from_its_last(
    registry: ServiceRegistry,
) -> None:
    model = answer_with(
        registry, [{"match": "Better: zero", "reply": "one"}, {"match": "", "reply": "two"}]
    )
    loop = LoopStep("L", ask("turn", "Better: {{step.l.result}}"), max_iterations=2, start="zero")
    loop.id = "l"
    await engine_of(registry).execute_workflow(workflow(loop))
    assert [prompt.text for prompt in model.prompts] == ["Better: zero", "Better: one"]


async def test_answer_choices_of_a_step_always_give_one_of_them(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "Well, I think it is COMPLEX."}])
    step = ask("kind", "SIMPLE or COMPLEX?", answer_choices=["SIMPLE", "COMPLEX"])
    run = await engine_of(registry).execute_workflow(workflow(step))
    assert run.metadata["context"]["step.kind.result"] == "COMPLEX"


class Shouting(WorkflowStep):
    """A step of a user's own that leaves whatever it is told to."""

    def __init__(self, name: str, value: Any, description: str = "") -> None:
        super().__init__(name, description)
        self.value = value

    async def execute(self, context: WorkflowContext) -> StepResult:
        context.set(f"step.{self.id}.result", VALUES[self.value])
        return StepResult(True, {"result": "done"})

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "value": self.value}

    @classmethod
    def from_dict(cls, data: Any) -> "Shouting":
        return cls(data["name"], data["value"])


class Gathering(WorkflowStep):
    """Arranges no steps at all, and leaves what cannot be kept."""

    arranges = True

    async def execute(self, context: WorkflowContext) -> StepResult:
        context.set(f"step.{self.id}.object", object())
        return StepResult(True)


class Keeping(WorkflowStep):
    """Has a task kept with it that no store can keep."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        observer = OBSERVER.get()
        assert observer is not None
        observer.keep(Task(name="Odd", metadata={"object": object()}))
        return StepResult(True)


class Failing(WorkflowStep):
    """Gives back a reason that is no text as it should be."""

    def __init__(self, name: str, reason: str, description: str = "") -> None:
        super().__init__(name, description)
        self.reason = reason

    async def execute(self, context: WorkflowContext) -> StepResult:
        return StepResult(False, error=REASONS[self.reason])

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "reason": self.reason}

    @classmethod
    def from_dict(cls, data: Any) -> "Failing":
        return cls(data["name"], data["reason"])


REASONS: dict[str, Any] = {"half": "bad \ud800", "number": 5, "long": "x" * 9000, "none": None}


def lists_in_lists(levels: int) -> list[Any]:
    return [lists_in_lists(levels - 1)] if levels > 1 else []


CYCLE: list[Any] = []
CYCLE.append(CYCLE)
VALUES: dict[str, Any] = {
    "text": "HELLO",
    "set": {1},
    "bytes": b"x",
    "object": object(),
    "cycle": CYCLE,
    "nan": float("nan"),
    "deep": lists_in_lists(MAX_DEPTH - 1),
    "too deep": lists_in_lists(MAX_DEPTH),
    "far too deep": lists_in_lists(400),
}


async def test_a_step_of_ones_own_leaves_its_values(registry: ServiceRegistry) -> None:
    step = Shouting("Shout", "text")
    run = await engine_of(registry).execute_workflow(workflow(step))
    assert run.metadata["context"][f"step.{step.id}.result"] == "HELLO"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        *((value, "not plain data") for value in ("set", "bytes", "object", "cycle", "nan")),
        *((value, "more than 100 levels") for value in ("too deep", "far too deep")),
    ],
)
async def test_what_cannot_be_kept_as_json_fails_the_step_and_nothing_before_it(
    registry: ServiceRegistry, value: str, sentence: str
) -> None:
    answer_with(registry, [{"match": "", "reply": "Fine."}])
    run = await engine_of(registry).execute_workflow(
        workflow(ask("a", "A?"), Shouting("Shout", value))
    )
    assert run.status == "failed"
    assert sentence in str(run.error)
    assert run.metadata["context"]["step.a.result"] == "Fine."
    assert [step.status for step in (await steps_of(registry, run)).values()] == [
        "completed",
        "failed",
    ]


async def test_what_lies_deep_in_a_result_can_be_read_again(registry: ServiceRegistry) -> None:
    step = Shouting("Shout", "deep")
    run = await engine_of(registry).execute_workflow(workflow(ParallelStep("P", [step])))
    assert run.status == "completed"
    (stored,) = await registry.get_repository("workflow").find_all()
    assert stored.metadata == run.metadata
    steps = await steps_of(registry, run)
    assert [row.status for row in steps.values()] == ["completed", "completed"]


async def test_what_a_step_that_arranges_others_leaves_ends_the_run_in_words(
    registry: ServiceRegistry,
) -> None:
    answer_with(registry, [{"match": "", "reply": "Fine."}])
    run = await engine_of(registry).execute_workflow(workflow(ask("a", "A?"), Gathering("Gather")))
    assert run.status == "failed"
    assert "not plain data" in str(run.error)
    stored = await registry.get_repository("workflow").find_by_id(run.id)
    assert (stored.status, stored.error) == (run.status, run.error)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("half", "bad \ufffd"),
        ("number", "5"),
        ("long", f"{'x' * 5000}\n\n[cut here: 9,000 characters in all]"),
        ("none", "It gave no reason."),
    ],
)
async def test_a_step_fails_with_whatever_reason_it_gives(
    registry: ServiceRegistry, reason: str, said: str
) -> None:
    run = await engine_of(registry).execute_workflow(workflow(Failing("Fail", reason)))
    assert (run.status, run.error) == ("failed", f"Step 'Fail' failed: {said}")
    assert [(s.status, s.error) for s in (await steps_of(registry, run)).values()] == [
        ("failed", said)
    ]


async def test_a_run_that_comes_to_what_no_store_keeps_ends_in_words(
    registry: ServiceRegistry,
) -> None:
    answer_with(registry, [{"match": "", "reply": "Fine."}])
    run = await engine_of(registry).execute_workflow(workflow(ask("a", "A?"), Keeping("Keep")))
    assert run.status == "failed"
    assert "cannot be stored" in str(run.error)
    assert await registry.get_repository("workflow").find_by_id(run.id) == run
    assert [step.status for step in (await steps_of(registry, run)).values()] == [
        "completed",
        "cancelled",
    ]


async def test_a_run_that_cannot_even_begin_to_be_stored_is_refused(
    registry: ServiceRegistry,
) -> None:
    definition = workflow(ask("a", "A?"), metadata={"deep": lists_in_lists(220)})
    with pytest.raises(NotStorable, match="workflow"):
        await engine_of(registry).execute_workflow(definition)
    assert await registry.get_repository("workflow").count() == 0


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        (workflow(), "has no steps yet"),
        (workflow(ask("a", "About {{topik}}")), "topik"),
        (workflow(ask("a", "{{step.b.result}}"), ask("b", "B?")), "step.b.result"),
        (
            workflow(ParallelStep("P", [ask("a", "A?"), ask("b", "{{step.a.result}}")])),
            "step.a.result",
        ),
        (workflow(ask("a", "A"), inputs=(WorkflowInput(name="topic"),)), "'topic'"),
    ],
)
async def test_what_cannot_work_is_said_before_a_model_is_asked(
    registry: ServiceRegistry, definition: WorkflowDefinition, sentence: str
) -> None:
    with pytest.raises(DefinitionError, match=sentence):
        await engine_of(registry).execute_workflow(definition)
    assert await registry.get_repository("workflow").count() == 0


async def test_a_stored_definition_runs_by_its_id(registry: ServiceRegistry) -> None:
    definition = workflow(ask("a", "A?"))
    await registry.get_repository("workflow_definition").save(definition)
    run = await engine_of(registry).execute_workflow_by_id(definition.id)
    assert (run.status, run.definition_id) == ("completed", definition.id)
    assert run.definition == definition.to_dict()
    with pytest.raises(EntityNotFound, match="'nowhere'"):
        await engine_of(registry).execute_workflow_by_id("nowhere")


async def test_a_resumed_run_does_not_repeat_what_is_stored(registry: ServiceRegistry) -> None:
    model = answer_with(
        registry,
        [
            {"match": "A?", "reply": "a"},
            {"match": "B?", "error": "Down.", "times": 1},
            {"match": "B?", "reply": "b"},
            {"match": "C?", "reply": "c"},
        ],
    )
    both = ParallelStep("Both", [ask("a", "A?"), ask("b", "B?")])
    definition = workflow(both, ask("c", "C? {{step.a.result}}{{step.b.result}}"))
    engine = engine_of(registry)
    failed = await engine.execute_workflow(definition)
    assert failed.status == "failed"
    failed.status = "running"  # type: ignore[assignment] - as a worker that died leaves it
    await registry.get_repository("workflow").save(failed)

    run = await engine.run_workflow(failed.id)
    assert run.status == "completed"
    assert [p.text for p in model.prompts] == ["A?", "B?", "B?", "C? ab"]
    assert (await steps_of(registry, run))[f"{both.id}/b"].attempt == 2
    undisturbed = await engine.execute_workflow(definition)
    ids = ("task_id",)
    assert {k: v for k, v in run.metadata["context"].items() if not k.endswith(ids)} == {
        k: v for k, v in undisturbed.metadata["context"].items() if not k.endswith(ids)
    }


async def test_cancelling_stops_the_call_and_starts_no_further_step(
    registry: ServiceRegistry,
) -> None:
    model = answer_with(registry, [{"match": "", "reply": "word " * 400}], delay_s=0.02)
    engine = engine_of(registry)
    run = engine.new_run(workflow(ask("a", "A?"), ask("b", "B?")))
    running = asyncio.create_task(engine.execute_run(run))
    await asked(model)
    await engine.cancel_workflow(run.id)
    ended = await asyncio.wait_for(running, timeout=5)
    assert ended.status == "cancelled"
    assert len(model.prompts) == 1
    assert (await steps_of(registry, run))["a"].status == "cancelled"
    assert (await engine.cancel_workflow(run.id)).status == "cancelled"
    assert (await engine.run_workflow(run.id)).status == "cancelled"


async def test_a_run_that_nobody_runs_is_cancelled_at_once(registry: ServiceRegistry) -> None:
    engine = engine_of(registry)
    run = engine.new_run(workflow(ask("a", "A?")))
    await engine.start_run(run)
    assert (await engine.cancel_workflow(run.id)).status == "cancelled"
    assert (await engine.run_workflow(run.id)).status == "cancelled"
    assert not await engine.leases.is_held(run.id)


async def test_a_run_is_run_by_one_at_a_time(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": "", "reply": "word " * 20}], delay_s=0.01)
    one, two = WorkflowEngine(registry), WorkflowEngine(registry)
    run = one.new_run(workflow(ask("a", "A?")))
    await one.start_run(run)
    results = await asyncio.gather(
        one.run_workflow(run.id), two.run_workflow(run.id), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["LeaseLost", "Workflow"]
    assert isinstance(next(r for r in results if not isinstance(r, Workflow)), LeaseLost)
    assert len(model.prompts) == 1


async def test_a_stopping_process_hands_its_run_back(registry: ServiceRegistry) -> None:
    model = answer_with(
        registry,
        [
            {"match": "", "reply": "word " * 400, "delay_s": 0.02, "times": 1},
            {"match": "", "reply": "Done."},
        ],
    )
    engine = engine_of(registry)
    run = engine.new_run(workflow(ask("a", "A?")))
    running = asyncio.create_task(engine.execute_run(run))
    await asked(model)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    stored = await registry.get_repository("workflow").find_by_id(run.id)
    assert stored.status == "pending"
    assert (await WorkflowEngine(registry).run_workflow(run.id)).status == "completed"


async def test_text_is_stored_while_it_is_written(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "word " * 200}], delay_s=0.02)
    engine = engine_of(registry)
    run = engine.new_run(workflow(ask("a", "A?")))
    running = asyncio.create_task(engine.execute_run(run))
    lengths = set()
    while not running.done():
        lengths |= {len(step.output) for step in (await steps_of(registry, run)).values()}
        await asyncio.sleep(0.05)
    assert len(lengths) >= 4


def test_a_definition_never_changes() -> None:
    first = workflow(ask("a", "A?"))
    second = first.add_step(ask("b", "B?"))
    assert [step.id for step in first.get_steps()] == ["a"]
    assert [step.id for step in second.get_steps()] == ["a", "b"]
    assert first.id == second.id
    with pytest.raises(DefinitionError, match="'a' is there twice"):
        second.add_step(ask("a", "again"))
    again = WorkflowDefinition.model_validate_json(second.model_dump_json())
    assert again == second
    assert [step.to_dict() for step in again.get_steps()] == json.loads(
        json.dumps(list(second.steps))
    )
