"""Answers that are data: asked for by a JSON Schema, checked, and given back when they do not fit."""

import json

import pytest
from pydantic import ValidationError

from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.answer_schema import read_answer
from symphony_core.errors import ModelError
from symphony_core.model_profile import ModelProfile
from symphony_core.models.catalog import open_model
from symphony_core.orchestration.steps import ConditionalStep, ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.runtime.summaries import result_of
from tests.support.scripted import answer_with

SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 3},
        "score": {"type": "integer", "minimum": 0, "maximum": 10},
    },
    "required": ["title", "score"],
    "additionalProperties": False,
}
GOOD = {"title": "Tides", "score": 7}
CLERK = AgentConfig(
    id="clerk", name="Clerk", role="r", instruction_template="Fill it in.", answer_schema=SCHEMA
)
PLAIN = AgentConfig(id="plain", name="Plain", role="r", instruction_template="Be kind.")


def ask(query, agent):
    return TaskStep(agent.id, {"input_data": {"query": query}}, agent.id)


async def run_of(registry, *steps):
    for one in (CLERK, PLAIN):
        await registry.get_repository("agent_config").save(one.model_copy())
    definition = WorkflowDefinition(name="w")
    for step in steps:
        definition = definition.add_step(step)
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(definition, {})
    rows = await registry.get_repository("step_run").find_all({"run_id": run.id})
    return run, rows


async def test_later_prompts_and_conditions_reach_into_an_answer(registry):
    model = answer_with(
        registry, [{"match": "Rate", "reply": json.dumps(GOOD)}, {"reply": "thanks"}]
    )
    rate = ask("Rate the text.", CLERK)
    praise = ask(f"Praise {{{{step.{rate.id}.result.title}}}}", PLAIN)
    blame = ask("Blame", PLAIN)
    branch = ConditionalStep("Good?", f"step.{rate.id}.result.score > 5", praise, blame)
    whole = ask(f"All: {{{{step.{rate.id}.result}}}}", PLAIN)
    run, rows = await run_of(registry, rate, branch, whole)
    assert (run.status, run.error) == ("completed", None)
    assert run.metadata["context"][f"step.{rate.id}.result"] == GOOD
    asked = [prompt.text for prompt in model.prompts]
    assert asked == ["Rate the text.", "Praise Tides", f"All: {json.dumps(GOOD)}"]
    row = next(row for row in rows if row.path == rate.id)
    assert json.loads(row.output) == GOOD
    assert row.returned["result"] == GOOD
    assert row.left[f"step.{rate.id}.result"] == GOOD


async def test_where_a_text_is_shown_an_answer_is_json(registry):
    answer_with(registry, [{"reply": json.dumps(GOOD)}])
    run, rows = await run_of(registry, ask("Rate it.", CLERK))
    assert json.loads(result_of(run, rows) or "") == GOOD
    (task,) = await registry.get_repository("task").find_all()
    assert task.output_data["result"] == GOOD


async def test_an_answer_that_does_not_fit_goes_back_with_what_is_wrong(registry):
    replies = ["no JSON at all", '{"title": "Ti", "score": 99}', json.dumps(GOOD)]
    model = answer_with(registry, [{"reply": reply, "times": 1} for reply in replies])
    run, (row,) = await run_of(registry, ask("Rate it.", CLERK))
    assert (run.status, run.model_calls) == ("completed", 3)
    assert json.loads(row.output) == GOOD
    last = model.prompts[-1]
    assert [correction.answer for correction in last.corrections] == replies[:2]
    first, second = (correction.complaint for correction in last.corrections)
    assert "It is no JSON" in first
    assert "At title: 'Ti' is too short. At score: 99 is greater than the maximum of 10." in second
    assert json.dumps(SCHEMA) in second
    assert row.output_tokens == sum(len(reply.split()) for reply in replies)


async def test_an_answer_that_never_fits_fails_the_step_with_one_sentence(registry):
    answer_with(registry, [{"reply": '{"title": "Tides"}'}])
    run, (row,) = await run_of(registry, ask("Rate it.", CLERK))
    assert (run.status, run.model_calls, row.attempt) == ("failed", 3, 1)
    assert "was asked 3 times" in (run.error or "")
    assert "At the top: 'score' is a required property." in (run.error or "")


async def test_corrections_count_as_model_calls_against_a_runs_limit(registry):
    answer_with(registry, [{"reply": "no JSON"}])
    await registry.get_repository("agent_config").save(CLERK.model_copy())
    engine = registry.get_service("workflow_engine")
    run = engine.new_run(WorkflowDefinition(name="w").add_step(ask("Rate it.", CLERK)))
    run.limits = run.limits.model_copy(update={"model_calls": 2})
    run = await engine.execute_run(run)
    assert (run.status, run.model_calls) == ("paused", 2)


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openai-chat", "ok"), ("openai", "ok"), ("anthropic", "ok"), ("google", "gemini-2.5-pro"),
     ("ollama", "ok"), ("openai-compatible", "ok"), ("mistral", "ok")],
)  # fmt: skip
async def test_every_provider_is_asked_by_the_schema_and_told_what_is_wrong(
    registry, wire, provider, model
):
    replies = iter(['{"title": "Tides"}', json.dumps(GOOD)])
    wire.answer = lambda body: next(replies)
    v1 = provider in ("openai-chat", "openai", "ollama", "openai-compatible")
    address = wire.base_url if v1 else wire.root
    profile = ModelProfile(id="p", name="P", provider=provider, model=model, base_url=address)
    await registry.get_model_profiles().save(profile)
    clerk = CLERK.model_copy(update={"model": "profile:p"})
    await registry.get_repository("agent_config").save(clerk)
    agent = await registry.get_agent_factory().create_agent_from_id("clerk")
    reply = await agent.run("Rate it.")
    assert reply.data == GOOD
    first, second = (json.dumps(body) for body in wire.bodies)
    assert '"score"' in first
    assert "is a required property" not in first
    assert "'score' is a required property" in second


@pytest.mark.embedded
async def test_the_embedded_model_keeps_to_a_schema(registry):
    clerk = CLERK.model_copy(update={"settings": AgentSettings(max_tokens=120)})
    await registry.get_repository("agent_config").save(clerk)
    factory = registry.get_agent_factory()
    agent = await factory.create_agent_from_id("clerk", model="embedded")
    pieces: list[str] = []
    reply = await agent.run("Rate this text from 0 to 10: The sea is wide.", on_text=pieces.append)
    assert set(reply.data or {}) == {"title", "score"}
    assert pieces[-1] == reply.text
    assert reply.cost == 0.0


async def test_the_scripted_model_fills_in_a_form_where_its_script_says_nothing(registry):
    for one in (CLERK, PLAIN):
        await registry.get_repository("agent_config").save(one.model_copy())
    agent = await registry.get_agent_factory().create_agent_from_id("clerk", model="scripted")
    assert open_model("scripted").name == agent.model.name
    assert set((await agent.run("Rate the sea.")).data or {}) == {"title", "score"}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "array"}, "describes an object"),
        ({"properties": {}}, "describes an object"),
        ({"type": "object", "properties": 7}, "no JSON Schema: at properties"),
        ({"type": "object", "properties": {"a": {"$ref": "https://x/s"}}}, "its own parts only"),
        ({"type": "object", "$id": "https://x/s"}, "its own parts only"),
        ({"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}}, "may have no 'pattern'"),
        ({"type": "object", "description": "x" * 30_000}, "at most 20,000 characters"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(schema, says):
    with pytest.raises(ValidationError, match=says):
        AgentConfig(name="a", role="r", instruction_template="i", answer_schema=schema)


def test_a_field_may_have_any_name():
    fields = {name: {"type": "string"} for name in ("pattern", "$ref", "$id")}
    schema = {"type": "object", "properties": {**fields, "kind": {"enum": ["pattern"]}}}
    AgentConfig(name="a", role="r", instruction_template="i", answer_schema=schema)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"a": NaN}', "NaN is no JSON number"),
        ("[]", "is not of type 'object'"),
        ('{"a": 1e999}', "cannot be kept: Out of range"),
        (f'{{"a": {"[" * 99}{"]" * 99}}}', "cannot be kept: .* more than 99 levels"),
    ],
)
def test_an_answer_is_read_strictly(text, says):
    with pytest.raises(ValueError, match=says):
        read_answer(text, {"type": "object"})


def test_a_schema_that_refers_to_itself_for_ever_is_no_trouble():
    with pytest.raises(ValueError, match="nested too deeply"):
        read_answer("{}", {"type": "object", "allOf": [{"$ref": "#"}]})


def test_half_a_character_in_an_answer_is_replaced_as_in_a_text():
    assert read_answer(r'{"\ud83d": "\udfff"}', {"type": "object"}) == {"�": "�"}


async def test_an_answer_as_deep_as_may_be_is_kept(registry):
    anything = CLERK.model_copy(update={"id": "any", "answer_schema": {"type": "object"}})
    await registry.get_repository("agent_config").save(anything)
    answer_with(registry, [{"reply": f'{{"a": {"[" * 98}{"]" * 98}}}'}])
    inner = ParallelStep("Inner", [ask("Rate it.", anything)])
    run, rows = await run_of(registry, ParallelStep("Outer", [inner]))
    assert run.status == "completed"
    assert [row.status for row in rows] == ["completed"] * 3


async def test_choices_of_a_step_go_before_an_agents_schema(registry):
    answer_with(registry, [{"reply": "YES"}])
    step = TaskStep("s", {"input_data": {"query": "Well?"}}, "clerk", answer_choices=["YES", "NO"])
    run, (row,) = await run_of(registry, step)
    assert (run.status, row.output) == ("completed", "YES")


async def test_an_agent_that_is_asked_directly_says_so_too(registry):
    answer_with(registry, [{"reply": "never JSON"}])
    await registry.get_repository("agent_config").save(CLERK.model_copy())
    agent = await registry.get_agent_factory().create_agent_from_id("clerk")
    with pytest.raises(ModelError, match="does not fit the JSON Schema of 'Clerk'"):
        await agent.run("Rate it.")
