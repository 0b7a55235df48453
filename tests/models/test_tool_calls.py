"""Tools over the wire, and through a run to its journal."""

import json

import pytest

from symphony_core.agent_config import AgentConfig
from symphony_core.models.base import Prompt, Reply, ToolAnswer, ToolRound, ToolSpec
from symphony_core.models.catalog import open_model
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from tests.support.openai_server import OpenAIServer

SCHEMA = {"type": "object", "properties": {"expression": {"type": "string"}}}
TOOLS = (
    ToolSpec("calculator", "Calculate.", SCHEMA),
    ToolSpec("time.now", "Tell the time.", SCHEMA),
    ToolSpec("time/now", "Tell it too.", SCHEMA),
    ToolSpec("answer", "Answers.", SCHEMA),
)


@pytest.fixture
def server(monkeypatch):
    with OpenAIServer() as running:
        for name in ("OPENAI_BASE_URL", "MOONSHOTAI_BASE_URL"):
            monkeypatch.setenv(name, running.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-test")
        monkeypatch.setenv("MOONSHOTAI_API_KEY", "key-of-the-test")
        yield running


def has_answers(body):
    return any(message["role"] == "tool" for message in body["messages"])


async def ask(prompt, name="openai-chat:ok") -> Reply:
    return await open_model(name).generate(prompt)


async def test_a_streamed_call_comes_back_under_the_tools_own_name_and_its_answer_is_sent(server):
    sent = [("calculator", '{"expression": "6*7"}'), ("time_now_", "{}")]
    server.tool_calls = lambda body: [] if has_answers(body) else sent
    prompt = Prompt("What is 6*7?", instructions="Be exact.", tools=TOOLS)
    first = await ask(prompt)
    assert [(call.tool, json.loads(call.arguments)) for call in first.calls] == [
        ("calculator", {"expression": "6*7"}),
        ("time/now", {}),
    ]
    assert [tool["function"]["name"] for tool in server.bodies[0]["tools"]] == [
        "calculator",
        "time_now",
        "time_now_",
        "answer_",
    ]
    answers = (ToolAnswer("42"), ToolAnswer("It failed.", failed=True))
    last = await ask(
        Prompt(prompt.text, prompt.instructions, tools=TOOLS, turns=(ToolRound(first, answers),))
    )
    assert last.text.startswith("The quick brown fox")
    assert last.calls == ()
    system, question, call, *returned = server.bodies[1]["messages"]
    assert (system["content"], question["content"]) == ("Be exact.", "What is 6*7?")
    assert [each["id"] for each in call["tool_calls"]] == ["c0", "c1"]
    assert [(each["tool_call_id"], each["content"]) for each in returned] == [
        ("c0", "42"),
        ("c1", '{"error":"It failed."}'),
    ]


@pytest.mark.parametrize("name", ["openai-chat:ok", "moonshotai:ok"])
async def test_a_choice_can_be_made_after_tools_were_called(server, name):
    server.answer = lambda body: "COMPLEX"
    wanted = [("calculator", "{}")]
    server.tool_calls = lambda body: [] if has_answers(body) else wanted
    prompt = Prompt("?", choices=("SIMPLE", "COMPLEX"), tools=TOOLS)
    first = await ask(prompt, name)
    assert [call.tool for call in first.calls] == ["calculator"]
    turns = (ToolRound(first, (ToolAnswer("1"),)),)
    last = await ask(Prompt("?", choices=prompt.choices, tools=TOOLS, turns=turns), name)
    assert (last.text, last.calls) == ("COMPLEX", ())


async def test_a_run_calls_the_tool_sums_the_tokens_and_tells_it_as_events(server, registry):
    server.tool_calls = lambda body: (
        [] if has_answers(body) else [("calculator", '{"expression": "6*7"}')]
    )
    server.answer = lambda body: f"It is {body['messages'][-1]['content']}."
    agent = AgentConfig(id="counter", name="Counter", role="Counts", instruction_template="Count.")
    agent.capabilities.tools = ["calculator", "web research", "abacus"]
    await registry.get_repository("agent_config").save(agent)
    step = TaskStep("Count", {"input_data": {"query": "What is 6*7?"}}, "counter")
    run = await registry.get_service("workflow_engine").execute_workflow(
        WorkflowDefinition(name="W").add_step(step), model="openai-chat:ok"
    )
    assert run.status == "completed"
    assert run.metadata["context"][f"step.{step.id}.result"] == "It is 42."
    assert (run.input_tokens, run.output_tokens, run.model_calls) == (22, 18, 2)
    (row,) = await registry.get_repository("step_run").find_all({"run_id": run.id})
    assert (row.output, row.input_tokens, row.output_tokens) == ("It is 42.", 22, 18)
    assert row.equipment == "It can use calculator. No tool here: web research, abacus."
    (use,) = row.tool_uses
    assert (use.number, use.tool, use.answer, use.failed) == (1, "calculator", "42", False)
    assert json.loads(use.arguments) == {"expression": "6*7"}
    assert use.seconds is not None
    events = await registry.get_repository("run_event").find_page(
        {"run_id": run.id}, order_by="number", descending=False, limit=None
    )
    told = [event for event in events if event.type.startswith("tool_")]
    assert [(event.type, event.path) for event in told] == [
        ("tool_called", step.id),
        ("tool_answered", step.id),
    ]
    assert told[0].data["arguments"] == use.arguments
    assert (told[1].data["answer"], told[1].data["seconds"]) == ("42", use.seconds)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
