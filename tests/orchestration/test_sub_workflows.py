"""A workflow as a step of another."""

import asyncio
from typing import Any

import pytest

from symphony_core.approval import ApprovalStatus
from symphony_core.errors import DefinitionError
from symphony_core.orchestration.steps import (
    ApprovalStep,
    ConditionalStep,
    LoopStep,
    ParallelStep,
    SubWorkflowStep,
)
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import RunLimits
from tests.orchestration.test_engine import ask, engine_of, steps_of, workflow
from tests.support.processes import until
from tests.support.scripted import answer_with

TOPIC = (WorkflowInput(name="topic"),)


def use(step_id: str, workflow_id: str, **inputs: str) -> SubWorkflowStep:
    step = SubWorkflowStep(step_id.capitalize(), workflow_id, inputs)
    step.id = step_id
    return step


def essay(**fields: Any) -> WorkflowDefinition:
    """Draft and polish, with ids that its users have too."""
    steps = ask("draft", "Draft {{topic}}."), ask("polish", "Polish: {{step.draft.result}}")
    return workflow(*steps, **({"id": "essay", "inputs": TOPIC} | fields))


async def keep(registry: ServiceRegistry, *definitions: WorkflowDefinition) -> None:
    for definition in definitions:
        await registry.get_repository("workflow_definition").save(definition)


async def test_a_workflow_runs_within_another_in_a_scope_of_its_own(
    store: ServiceRegistry,
) -> None:
    await keep(store, essay())
    replies = {"Draft": "D", "Polish": "P", "": "Fine"}
    model = answer_with(store, [{"match": m, "reply": reply} for m, reply in replies.items()])
    outer = workflow(
        ask("draft", "Ask {{subject}}"),
        use("one", "essay", topic="{{subject}} and {{step.draft.result}}"),
        ParallelStep("Both", [use("two", "essay", topic="x"), use("three", "essay", topic="y")]),
        ask("end", "{{step.one.result}}, {{step.two.result}}"),
    )
    run = await engine_of(store).execute_workflow(outer, {"subject": "tides"})
    assert run.status == "completed", run.error
    assert run.steps_done == run.steps_total == 8
    prompts = sorted(prompt.text for prompt in model.prompts)
    assert prompts[:3] == ["Ask tides", "Draft tides and Fine.", "Draft x."]
    assert prompts[-1] == "Polish: D"
    steps = await steps_of(store, run)
    assert {"draft", "one", "one/draft", "one/polish", "end"} <= {*steps}
    assert steps["one"].output == "P"
    assert steps["end"].prompt == "P, P"
    assert "step.polish.result" not in run.metadata["context"]
    assert run.metadata["context"]["step.one.name"] == "One"


async def test_inside_nothing_is_seen_of_the_outside(registry: ServiceRegistry) -> None:
    spying = workflow(ask("a", "{{secret}}"), id="spying", inputs=TOPIC)
    condition = ConditionalStep("If", "secret == 'x'", ask("b", "B?"))
    await keep(registry, spying, workflow(condition, id="careless", inputs=TOPIC))
    engine = engine_of(registry)
    with pytest.raises(DefinitionError, match="Step 'Sub': Step 'A': .*secret"):
        await engine.execute_workflow(workflow(use("sub", "spying", topic="t")), {"secret": "x"})
    run = await engine.execute_workflow(
        workflow(use("sub", "careless", topic="t")), {"secret": "x"}
    )
    assert run.status == "failed"
    assert "secret" in str(run.error)


async def test_a_run_keeps_the_workflow_as_it_was(registry: ServiceRegistry) -> None:
    await keep(registry, essay())
    model = answer_with(registry, [{"match": "", "reply": "D"}])
    engine = engine_of(registry)
    run = engine.new_run(await engine.pinned(workflow(use("sub", "essay", topic="t"))))
    await engine.start_run(run)
    repository = registry.get_repository("workflow_definition")
    await repository.delete("essay")
    done = await engine.run_workflow(run.id)
    assert done.status == "completed", done.error
    assert [prompt.text for prompt in model.prompts] == ["Draft t.", "Polish: D"]
    step = done.definition["steps"][0]  # type: ignore[index]
    assert (step["definition"]["id"], step["definition_version"]) == ("essay", 1)
    again = await engine.control.fork(
        run.id, at="sub/polish", prompt="Shine: {{step.draft.result}}"
    )
    done = await engine.run_workflow(again.id)
    assert model.prompts[-1].text == "Shine: D"
    assert done.status == "completed", done.error
    assert (await steps_of(registry, done))["sub/draft"].taken_over


async def test_workflows_lie_in_each_other(registry: ServiceRegistry) -> None:
    middle = workflow(
        LoopStep("L", [use("inner", "essay", topic="{{subject}}")], max_iterations=2),
        id="middle",
    )
    await keep(registry, essay(), middle)
    model = answer_with(registry, [{"match": ""}])
    run = await engine_of(registry).execute_workflow(
        workflow(use("sub", "middle", subject="{{topic}}")), {"topic": "tides"}
    )
    assert run.status == "completed", run.error
    assert len(model.prompts) == 4
    [loop] = [path for path, step in (await steps_of(registry, run)).items() if step.name == "L"]
    assert f"{loop}#2/inner/polish" in await steps_of(registry, run)


TYPED = (
    WorkflowInput(name="pages", type=InputType.NUMBER, default=2),
    WorkflowInput(name="loud", type=InputType.BOOLEAN),
    WorkflowInput(name="tone", type=InputType.CHOICE, choices=("warm", "formal"), required=False),
)


async def test_inputs_are_read_as_what_they_are_declared_to_be(registry: ServiceRegistry) -> None:
    branch = ConditionalStep("If", "loud and pages > 2", ask("a", "{{pages}} {{tone}}"))
    await keep(registry, workflow(branch, id="typed", inputs=TYPED))
    model = answer_with(registry, [{"match": ""}])
    outer = workflow(use("sub", "typed", pages="{{n}}", loud="{{loud}}", tone="{{tone}}"))
    given = {"n": 3, "loud": True, "tone": ""}
    run = await engine_of(registry).execute_workflow(outer, given)
    assert run.status == "completed", run.error
    assert [prompt.text for prompt in model.prompts] == ["3 "]
    wrong = await engine_of(registry).execute_workflow(outer, {**given, "tone": "rude"})
    assert "'tone' of 'W' is one of 'warm', 'formal', not 'rude'" in str(wrong.error)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (use("sub", "nowhere"), "No workflow 'nowhere' is here: choose another for the step 'Sub'"),
        (use("sub", "essay"), "Step 'Sub': the input 'topic' of 'W' needs a value"),
        (use("sub", "essay", topic="t", tone="x"), "Step 'Sub': the workflow 'W' asks for no 'to"),
        (use("sub", "essay", topic="{{nothing}}"), "Step 'Sub': {{nothing}} refers to nothing"),
        (use("sub", "ring-a"), "within itself: 'Ring A' holds 'Ring B' holds 'Ring A'"),
        (use("sub", "me"), "A workflow cannot be a step within itself: 'W' holds 'W'"),
        (
            use("sub", "tree-9"),
            "too many steps: with those of the workflows in it, it may have 500",
        ),
        (
            use("sub", "chain-32"),
            "too deep: with the workflows in it, its steps may be nested over",
        ),
    ],
)
async def test_what_cannot_be_pinned_is_said_before_there_is_a_run(
    registry: ServiceRegistry, step: SubWorkflowStep, sentence: str
) -> None:
    def named(name: str, *steps: Any) -> WorkflowDefinition:
        return workflow(*steps, id=name.lower().replace(" ", "-")).model_copy(update={"name": name})

    await keep(registry, essay(), named("Ring A", use("s", "ring-b")))
    await keep(registry, named("Ring B", use("s", "ring-a")))
    await keep(registry, named("Tree 0", ask("a", "A?")), named("Chain 0", ask("a", "A?")))
    for n in range(9):
        await keep(registry, named(f"Tree {n + 1}", use("a", f"tree-{n}"), use("b", f"tree-{n}")))
    for n in range(32):
        await keep(registry, named(f"Chain {n + 1}", use("a", f"chain-{n}")))
    with pytest.raises(DefinitionError) as caught:
        await engine_of(registry).execute_workflow(workflow(step, id="me"))
    assert sentence in str(caught.value)
    assert await registry.get_repository("workflow").count() == 0


async def test_a_run_of_what_is_not_pinned_is_refused(registry: ServiceRegistry) -> None:
    nested = workflow(use("deep", "essay", topic="t"))
    outer = SubWorkflowStep("Sub", nested.id, definition=nested.to_dict())
    for step in (use("sub", "essay", topic="t"), LoopStep("L", use("sub", "essay")), outer):
        with pytest.raises(DefinitionError, match="what the engine's `pinned` returns"):
            engine_of(registry).new_run(workflow(step))


async def test_what_is_stored_inside_is_not_done_again(store: ServiceRegistry) -> None:
    await keep(store, essay())
    model = answer_with(store, [{"match": "Polish", "error": "Down.", "times": 1}, {"match": ""}])
    run = await engine_of(store).execute_workflow(workflow(use("sub", "essay", topic="t")))
    assert run.status == "failed"
    assert run.error == "Step 'Sub' failed: Step 'Polish' failed: Down."
    again = await engine_of(store).control.fork(run.id)
    done = await engine_of(store).run_workflow(again.id)
    assert done.status == "completed", done.error
    assert [prompt.text for prompt in model.prompts].count("Draft t.") == 1


async def test_an_approval_inside_is_answered_and_the_run_goes_on(store: ServiceRegistry) -> None:
    check = ApprovalStep("Check", "Good?", "{{step.draft.result}}")
    check.id = "check"
    await keep(store, workflow(ask("draft", "Draft {{topic}}"), check, id="checked", inputs=TOPIC))
    model = answer_with(store, [{"match": ""}])
    outer = workflow(use("sub", "checked", topic="t"), ask("end", "End: {{step.sub.result}}"))
    run = await engine_of(store).execute_workflow(outer)
    assert run.status == "waiting"
    [question] = await engine_of(store).control.questions(run.id)
    assert question.path == "sub/check"
    await engine_of(store).control.answer(question.id, ApprovalStatus.EDITED, text="Better")
    done = await engine_of(store).run_workflow(run.id)
    assert done.status == "completed", done.error
    assert [prompt.text for prompt in model.prompts] == ["Draft t", "End: Better"]


async def test_pausing_cancelling_and_limits_reach_inside(store: ServiceRegistry) -> None:
    await keep(store, essay())
    engine = engine_of(store)
    quick = answer_with(store, [{"match": ""}])
    definition = await engine.pinned(workflow(use("sub", "essay", topic="t")))

    limited = engine.new_run(definition, limits=RunLimits(model_calls=1))
    paused = await engine.execute_run(limited)
    assert paused.status == "paused"
    assert (await steps_of(store, paused))["sub/draft"].status == "completed"
    await engine.control.resume(paused.id, limits=RunLimits(model_calls=9))
    assert (await engine.run_workflow(paused.id)).status == "completed"
    assert len(quick.prompts) == 2

    slow = answer_with(store, [{"match": ""}], delay_s=0.2)
    run = engine.new_run(definition)
    running = asyncio.create_task(engine.execute_run(run))

    async def is_asking() -> bool:
        return len(slow.prompts) == 1

    await until(is_asking)
    await engine.control.cancel(run.id)
    assert (await running).status == "cancelled"
    assert {step.status for step in (await steps_of(store, run)).values()} == {"cancelled"}

    run = engine.new_run(definition)
    running = asyncio.create_task(engine.execute_run(run))

    async def asks_again() -> bool:
        return len(slow.prompts) == 2

    await until(asks_again)
    await engine.control.pause(run.id)
    assert (await running).status == "paused"
    quick = answer_with(store, [{"match": ""}])
    done = await engine.run_workflow(run.id)
    assert (done.status, len(slow.prompts), len(quick.prompts)) == ("completed", 2, 1)
