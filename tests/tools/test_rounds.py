"""Tools within runs, with the scripted model."""

import asyncio
import json

from symphony_core.agent_config import AgentCapabilities, AgentConfig, AgentSettings
from symphony_core.agents.base import Agent
from symphony_core.agents.factory import AgentFactory
from symphony_core.agents.rounds import MAX_ANSWER, MAX_ROUNDS
from symphony_core.execution.retry import RetryPolicy
from symphony_core.models.base import Reply
from symphony_core.models.scripted import ScriptedModel
from symphony_core.orchestration.step_watch import MAX_ANSWER as KEPT
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.workflow import RunLimits
from tests.support.scripted import answer_with

ADD = {"tool": "calculator", "arguments": {"expression": "20 + 22"}}


def worker(*tools: str) -> AgentConfig:
    return AgentConfig(
        id="worker",
        name="Worker",
        role="Works",
        instruction_template="Work.",
        capabilities=AgentCapabilities(tools=list(tools)),
    )


def work(**more) -> WorkflowDefinition:
    step = TaskStep("Work", {"input_data": {"query": "Do it"}}, "worker", **more)
    step.id = "work"
    return WorkflowDefinition(name="W").add_step(step)


async def run(registry, *tools, definition=None, inputs=None, **more):
    await registry.get_repository("agent_config").save(worker(*tools))
    engine = registry.get_service("workflow_engine")
    done = await engine.execute_workflow(definition or work(), inputs, **more)
    (row,) = await registry.get_repository("step_run").find_all({"run_id": done.id})
    return done, row


async def events(registry, run_id):
    return await registry.get_repository("run_event").find_page(
        {"run_id": run_id}, order_by="number", descending=False, limit=None
    )


async def test_several_calls_in_several_rounds_are_kept_in_order_with_what_was_said(registry):
    replies = [
        {"round": 0, "reply": "Let me see.", "calls": [ADD, {"tool": "date_and_time"}]},
        {"round": 1, "calls": [{"tool": "calculator", "arguments": {"expression": "1/0"}}]},
        {"reply": "The last one said: {answer}"},
    ]
    model = answer_with(registry, replies)
    done, row = await run(registry, "calculator", "date_and_time")
    assert row.output == "The last one said: It divides by zero."
    assert [(use.number, use.tool, use.said, use.failed) for use in row.tool_uses] == [
        (1, "calculator", "Let me see.", False),
        (2, "date_and_time", "", False),
        (3, "calculator", "", True),
    ]
    assert done.model_calls == 3
    assert [len(prompt.rounds) for prompt in model.prompts] == [0, 1, 2]
    told = [e for e in await events(registry, done.id) if e.type.startswith("tool_")]
    assert [(event.type, event.data["number"]) for event in told] == [
        ("tool_called", 1),
        ("tool_answered", 1),
        ("tool_called", 2),
        ("tool_answered", 2),
        ("tool_called", 3),
        ("tool_failed", 3),
    ]


async def test_the_agents_own_texts_and_the_runs_inputs_can_be_searched(registry):
    call = {"tool": "search_texts", "arguments": {"query": "gloves"}}
    answer_with(registry, [{"round": 0, "calls": [call]}, {"reply": "{answer}"}])
    _, row = await run(
        registry, "search_texts", inputs={"report": "Bring gloves.\n\nBring boots.", "n": 3}
    )
    assert row.output == "[report, passage 1 of 2]\nBring gloves."


async def test_a_tool_the_agent_does_not_have_cannot_be_called(registry):
    answer_with(registry, [{"round": 0, "calls": [ADD]}, {"reply": "{answer}"}])
    _, row = await run(registry, "date_and_time")
    assert row.output == "There is no tool 'calculator'. There is: date_and_time."


async def test_a_model_that_only_calls_tools_fails_the_step_with_a_sentence(registry):
    answer_with(registry, [{"calls": [ADD]}])
    done, row = await run(registry, "calculator")
    assert done.status == "failed"
    assert "went on calling tools and gave no answer" in row.error
    assert len(row.tool_uses) == MAX_ROUNDS
    assert done.model_calls == MAX_ROUNDS + 1
    answer_with(registry, [{"calls": [ADD] * 33}])
    done, row = await run(registry, "calculator")
    assert "at most 32" in row.error
    assert row.tool_uses == []


async def test_asking_again_counts_as_a_model_call_of_the_runs_limits(registry):
    answer_with(registry, [{"round": 0, "calls": [ADD]}, {"reply": "It is {answer}"}])
    done, row = await run(registry, "calculator", limits=RunLimits(model_calls=1))
    assert (done.status, row.status) == ("paused", "paused")
    assert "1 model call" in done.waits_for
    engine = registry.get_service("workflow_engine")
    await engine.control.resume(done.id, limits=RunLimits(model_calls=9))
    done = await engine.run_workflow(done.id)
    assert (done.status, done.model_calls) == ("completed", 3)
    assert done.metadata["context"]["step.work.result"] == "It is 42"


async def test_what_a_function_raises_is_a_sentence_for_the_model_without_keys(
    registry, monkeypatch
):
    monkeypatch.setenv("SHOP_TOKEN", "very-secret-value")

    def shop(item: str) -> str:
        """Look into the shop."""
        raise LookupError(f"no {item} for very-secret-value")

    registry.tools.register(shop)
    call = {"tool": "shop", "arguments": {"item": "hat"}}
    answer_with(registry, [{"round": 0, "calls": [call]}, {"reply": "{answer}"}])
    done, row = await run(registry, "shop")
    assert row.output == "The tool 'shop' failed with LookupError: no hat for …."
    assert "Traceback" not in json.dumps([event.data for event in await events(registry, done.id)])


async def test_a_slow_tool_is_given_up_and_the_model_is_told(registry):
    async def slow() -> str:
        """Take long."""
        await asyncio.sleep(60)
        return "never"

    registry.tools.register(slow, seconds=0.1)
    answer_with(registry, [{"round": 0, "calls": [{"tool": "slow"}]}, {"reply": "{answer}"}])
    _, row = await run(registry, "slow")
    assert row.output == "The tool 'slow' took longer than its time limit of 0.1 s."


async def test_cancelling_the_run_interrupts_the_tool(registry):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        """Take long."""
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return "never"

    registry.tools.register(slow, seconds=600)
    answer_with(registry, [{"calls": [{"tool": "slow"}]}])
    running = asyncio.create_task(run(registry, "slow"))
    await begun.wait()
    (started,) = await registry.get_repository("workflow").find_all()
    (row,) = await registry.get_repository("step_run").find_all()
    assert row.tool_uses[0].seconds is None  # it was stored before it was called
    assert (await events(registry, started.id))[-1].type == "tool_called"
    await registry.get_service("workflow_engine").cancel_workflow(started.id)
    done, row = await running
    assert ended.is_set()
    assert (done.status, row.status) == ("cancelled", "cancelled")
    assert row.tool_uses[0].seconds is None


async def test_long_texts_are_cut_for_the_journal_and_less_so_for_the_model(registry):
    def dump() -> str:
        """Give a lot."""
        return "x" * (2 * MAX_ANSWER)

    registry.tools.register(dump)
    call = {"tool": "dump", "arguments": {}}
    model = answer_with(registry, [{"round": 0, "calls": [call]}, {"reply": "Done"}])
    _, row = await run(registry, "dump")
    given = model.prompts[-1].rounds[0].answers[0].text
    assert given.startswith("x" * MAX_ANSWER)
    assert "[cut here: 40,000 characters in all]" in given
    assert row.tool_uses[0].answer.startswith("x" * KEPT)
    assert "[cut here:" in row.tool_uses[0].answer
    assert len(row.tool_uses[0].answer) < KEPT + 100


async def test_another_attempt_begins_without_the_calls_of_the_one_before(registry):
    replies = [
        {"round": 0, "calls": [ADD], "times": 1},
        {"round": 1, "error": "Busy", "retryable": True, "times": 1},
        {"reply": "Without tools"},
    ]
    answer_with(registry, replies)
    _, row = await run(registry, "calculator", definition=work(retry=RetryPolicy(delay_s=0)))
    assert (row.attempt, row.output, row.tool_uses) == (2, "Without tools", [])


async def test_a_model_that_cannot_call_tools_answers_without_them_and_that_is_told(registry):
    class Plain:
        name, label, remark = "plain", "Plain", None

        async def generate(self, prompt, on_text=None):
            assert prompt.tools == ()
            return Reply("Guessed", self.name)

    async def open_it(_name):
        return Plain(), AgentSettings()

    registry.register_factory(
        "agent_factory", lambda r: AgentFactory(r.get_repository("agent_config"), open_it, r.tools)
    )
    _, row = await run(registry, "calculator", "patience")
    assert row.output == "Guessed"
    assert row.equipment == (
        "The model 'plain' cannot call tools, so it answers without calculator."
    )
    _, row = await run(registry, "patience")
    assert row.equipment == ""


async def test_an_agent_outside_of_runs_uses_its_tools_too():
    model = ScriptedModel([{"round": 0, "calls": [ADD]}, {"reply": "It is {answer}"}], 0)
    reply = await Agent(worker("calculator"), model).run("Add up")
    assert reply.text == "It is 42"
    assert reply.output_tokens == 3  # of the last, for the first said nothing
    assert reply.input_tokens == 6
