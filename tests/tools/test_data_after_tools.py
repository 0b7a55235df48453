"""Agents that have tools and answer as data."""

import json

import pytest

from symphony_core.agent_config import AgentCapabilities, AgentConfig
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.runtime.dry_run import dry_run
from symphony_core.workflow import RunLimits
from tests.support.openai_server import OpenAIServer
from tests.support.scripted import answer_with

SCHEMA = {
    "type": "object",
    "properties": {"sum": {"type": "integer"}},
    "required": ["sum"],
    "additionalProperties": False,
}
CLERK = AgentConfig(
    id="clerk",
    name="Clerk",
    role="Counts",
    instruction_template="Count.",
    capabilities=AgentCapabilities(tools=["calculator"]),
    answer_schema=SCHEMA,
)
STEP = TaskStep("Count", {"input_data": {"query": "What is 20 + 22?"}}, "clerk")
ADD = {"tool": "calculator", "arguments": {"expression": "20 + 22"}}


@pytest.fixture
def server(monkeypatch):
    with OpenAIServer() as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-test")
        yield running


async def run(registry, **more):
    await registry.get_repository("agent_config").save(CLERK.model_copy())
    definition = WorkflowDefinition(name="W").add_step(STEP)
    done = await registry.get_service("workflow_engine").execute_workflow(definition, **more)
    (row,) = await registry.get_repository("step_run").find_all({"run_id": done.id})
    return done, row


async def test_a_tool_is_called_and_then_the_answer_is_data_and_the_tokens_are_summed(
    server, registry
):
    replies = iter(['{"sum": "many"}', '{"sum": 42}'])
    server.answer = lambda body: next(replies)
    wanted = iter([[("calculator", '{"expression": "20 + 22"}')], [], []])
    server.tool_calls = lambda body: next(wanted)
    done, row = await run(registry, model="openai-chat:ok")
    assert (done.status, done.error) == ("completed", None)
    assert done.metadata["context"][f"step.{STEP.id}.result"] == {"sum": 42}
    assert (done.model_calls, row.input_tokens, row.output_tokens) == (3, 33, 27)
    assert [(use.tool, use.answer) for use in row.tool_uses] == [("calculator", "42")]
    assert row.equipment == "It can use calculator."
    for body in server.bodies:
        assert [tool["function"]["name"] for tool in body["tools"]] == ["calculator", "answer"]
    said = server.bodies[2]["messages"]
    roles = ["system", "user", "assistant", "tool", "assistant", "user"]
    assert [message["role"] for message in said] == roles
    assert (said[3]["content"], json.loads(said[4]["content"])) == ("42", {"sum": "many"})
    assert "is not of type 'integer'" in said[5]["content"]


async def test_an_agent_that_is_asked_directly_sums_its_tokens_too(server, registry):
    server.answer = lambda body: '{"sum": 42}'
    wanted = iter([[("calculator", '{"expression": "20 + 22"}')], []])
    server.tool_calls = lambda body: next(wanted)
    factory = registry.get_agent_factory()
    agent = await factory.create_agent(CLERK, model="openai-chat:ok")
    pieces: list[str] = []
    reply = await agent.run("What is 20 + 22?", on_text=pieces.append)
    assert (reply.data, pieces) == ({"sum": 42}, [reply.text])
    assert (reply.input_tokens, reply.output_tokens, reply.calls) == (22, 18, ())


async def test_tools_may_be_called_after_a_correction_and_all_of_it_stays_in_order(registry):
    replies = [
        {"round": 0, "calls": [ADD]},
        {"round": 1, "reply": "It is {answer}.", "times": 1},
        {"round": 1, "calls": [ADD, ADD]},
        {"reply": '{"sum": {answer}}'},
    ]
    model = answer_with(registry, replies)
    done, row = await run(registry)
    assert (done.status, done.model_calls) == ("completed", 4)
    assert json.loads(row.output) == {"sum": 42}
    assert [use.number for use in row.tool_uses] == [1, 2, 3]
    turns = [type(turn).__name__ for turn in model.prompts[-1].turns]
    assert turns == ["ToolRound", "Correction", "ToolRound"]
    assert model.prompts[-1].corrections[0].answer == "It is 42."


async def test_a_pause_at_a_limit_between_tool_and_answer_can_be_resumed(registry):
    answer_with(registry, [{"round": 0, "calls": [ADD]}, {"reply": '{"sum": {answer}}'}])
    done, _ = await run(registry, limits=RunLimits(model_calls=1))
    assert done.status == "paused"
    engine = registry.get_service("workflow_engine")
    await engine.control.resume(done.id, limits=RunLimits(model_calls=9))
    done = await engine.run_workflow(done.id)
    assert done.metadata["context"][f"step.{STEP.id}.result"] == {"sum": 42}


async def test_a_dry_run_leaves_the_tools_out_and_fills_in_the_form():
    tried = await dry_run(WorkflowDefinition(name="W").add_step(STEP), {}, [CLERK])
    (row,) = tried.steps
    assert (tried.run.status, row.equipment, row.tool_uses) == ("completed", "", [])
    assert set(json.loads(row.output)) == {"sum"}
    assert CLERK.capabilities.tools == ["calculator"]
