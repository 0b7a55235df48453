"""A model under a name of its own: a change reaches every agent, but no run that is under way."""

import asyncio
import json

import pytest
from pydantic import ValidationError

from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.errors import ModelUnavailable
from symphony_core.execution.retry import RetryPolicy
from symphony_core.model_profile import ModelProfile
from symphony_core.models.base import Prompt
from symphony_core.models.catalog import open_profile
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.database import Database
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.runtime.settings import data_dir
from tests.models.conftest import KEY, STRANGER
from tests.support.openai_server import LEAKED_KEY
from tests.support.wire_server import WireServer

STORES = {
    "memory": lambda path: InMemoryRepository(ModelProfile),
    "file": lambda path: FileSystemRepository(ModelProfile, path),
    "sql": lambda path: SQLModelRepository(ModelProfile, f"sqlite:///{path}/x.db"),
}


def house(server, model="ok", **fields):
    known = {"id": "house", "name": "House", "provider": "openai-compatible", "model": model}
    prices = {"input_price": 1.0, "output_price": 2.0}
    return ModelProfile(**{**known, **prices, "base_url": server.base_url, **fields})


def agent(number, **fields):
    known = {"id": f"a{number}", "name": f"A{number}", "role": "r", "model": "profile:house"}
    return AgentConfig(**{**known, "instruction_template": "Be kind.", **fields})


def workflow(*agents):
    definition = WorkflowDefinition(name="w")
    for number, one in enumerate(agents):
        step = TaskStep(f"S{number}", {"input_data": {"query": f"question {number}"}}, one.id)
        step.retry = RetryPolicy(max_retries=2, delay_s=0.01)
        step.id = f"s{number}"
        definition = definition.add_step(step)
    return definition


async def stored(registry, profile, *agents):
    await registry.get_model_profiles().save(profile)
    for one in agents:
        await registry.get_repository("agent_config").save(one)


async def until(condition):
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110  (a thread of the server changes it)
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("store", STORES)
async def test_every_store_keeps_profiles(store, tmp_path):
    repository = STORES[store](tmp_path)
    profile = ModelProfile(
        name="Größe",
        provider="ollama",
        model="qwen3:0.6b",
        base_url="http://127.0.0.1:11434/v1/",
        key_variable="MY_TOKEN",
        settings=AgentSettings(temperature=0.5, stop=["END"]),
        input_price=0.0,
    )
    await repository.save(profile)
    found = await repository.find_by_id(profile.id)
    assert found == profile
    assert found.base_url == "http://127.0.0.1:11434/v1"
    assert [each.id for each in await repository.find_page(search="größe")] == [profile.id]
    found.name = "other"
    await repository.save(found)
    assert (await repository.find_all())[0].version == 2
    Database.close_all()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("base_url", "ftp://x", "an address is"),
        ("base_url", "127.0.0.1:8080", "an address is"),
        ("base_url", "http://me:pw@host/v1", "belongs into an environment variable"),
        ("base_url", "http://host/v1?key=1", "belongs into an environment variable"),
        ("key_variable", "sk-live-0123456789", "not the key"),
        ("key_variable", "HOME", "not the key"),
        ("key_variable", "my_api_key", "not the key"),
        ("input_price", -1, "greater than"),
        ("name", " ", "empty"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(field, value, says):
    with pytest.raises(ValidationError, match=says):
        ModelProfile(**{"name": "x", "provider": "ollama", "model": "m", field: value})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"provider": "nobody"}, "there is no provider 'nobody'"),
        ({"model": " "}, "it needs the name that its provider has"),
        ({"base_url": None}, "it needs the address of its server"),
        ({"provider": "cerebras"}, "'cerebras' has one address"),
    ],
)
async def test_a_profile_no_model_can_be_opened_with_is_not_stored(registry, wire, fields, says):
    profiles = registry.get_model_profiles()
    with pytest.raises(ModelUnavailable, match=f"'House' cannot be used: {says}"):
        await profiles.save(house(wire, **fields))
    assert await profiles.find_all() == []


async def test_a_change_of_a_profile_reaches_every_agent_with_the_next_run(registry, wire):
    agents = [agent(1), agent(2), agent(3, model=None)]
    await stored(registry, house(wire), *agents)
    profiles, engine = registry.get_model_profiles(), registry.get_service("workflow_engine")
    await engine.execute_workflow(workflow(*agents), {}, model="profile:house")
    assert wire.calls == {"ok": 3}
    with WireServer() as other:
        profile = (await profiles.find_all())[0]
        profile.base_url, profile.model = other.base_url, "changed"
        await profiles.save(profile)
        run = await engine.execute_workflow(workflow(*agents), {}, model="profile:house")
        assert other.calls == {"changed": 3}
    assert run.status == "completed"
    assert wire.calls == {"ok": 3}
    rows = await registry.get_repository("step_run").find_all({"run_id": run.id})
    assert {row.model for row in rows} == {"openai-compatible:changed"}


async def test_a_run_under_way_keeps_the_models_it_began_with(registry, wire):
    wire.answer = lambda body: "word " * 30
    agents = [agent(1), agent(2, model="profile:second")]
    await stored(registry, house(wire, "slow"), *agents)
    profiles, engine = registry.get_model_profiles(), registry.get_service("workflow_engine")
    await profiles.save(house(wire, "then", id="second"))
    running = asyncio.create_task(engine.execute_workflow(workflow(*agents, agents[0]), {}))
    await until(lambda: wire.calls["slow"] == 1)
    for profile in await profiles.find_all():
        profile.model = f"new-{profile.model}"
        await profiles.save(profile)
    await profiles.delete("second")
    run = await running
    assert (run.status, run.error) == ("completed", None)
    assert wire.calls == {"slow": 2, "then": 1}
    assert {kept["model"] for kept in run.profiles.values()} == {"slow", "then"}
    later = await engine.execute_workflow(workflow(agents[1]), {})
    assert "There is no model 'second' any more. Choose another one" in (later.error or "")


async def test_a_run_that_another_process_goes_on_with_keeps_them_too(wire):
    registry = open_registry()
    first = agent(1)
    await stored(registry, house(wire, "hang"), first)
    engine = registry.get_service("workflow_engine")
    run = engine.new_run(workflow(first), {})
    running = asyncio.create_task(engine.execute_run(run))
    await until(lambda: wire.calls["hang"] == 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    again = open_registry()
    profile = (await again.get_model_profiles().find_all())[0]
    profile.model = "changed"
    await again.get_model_profiles().save(profile)
    going_on = asyncio.create_task(again.get_service("workflow_engine").run_workflow(run.id))
    await until(lambda: wire.calls["hang"] == 2)
    await engine.cancel_workflow(run.id)
    assert (await going_on).status == "cancelled"
    assert wire.calls == {"hang": 2}


async def test_a_run_that_is_retried_uses_the_model_as_it_was_mended(registry, wire):
    await stored(registry, house(wire, "denied"), agent(1))
    profiles, engine = registry.get_model_profiles(), registry.get_service("workflow_engine")
    failed = await engine.execute_workflow(workflow(agent(1)), {})
    assert failed.status == "failed"
    profile = (await profiles.find_all())[0]
    profile.model = "mended"
    await profiles.save(profile)
    again = await engine.run_workflow((await engine.control.fork(failed.id)).id)
    assert (again.status, wire.calls["mended"]) == ("completed", 1)


async def test_cost_and_tokens_of_a_run_are_the_sum_of_what_the_servers_counted(registry, wire):
    """Three answers, one of them after an answer that was cut off and had been counted."""
    told = {"provider": "anthropic", "base_url": wire.root}
    await stored(registry, house(wire), agent(1), agent(2, model="profile:cut"))
    await registry.get_model_profiles().save(house(wire, "cut-once", id="cut", **told))
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(workflow(agent(1), agent(2), agent(1)), {})
    assert (run.status, run.error) == ("completed", None)
    assert (run.input_tokens, run.output_tokens) == (4 * 11, 3 * 9 + 1)
    assert run.cost == pytest.approx((4 * 11 * 1.0 + (3 * 9 + 1) * 2.0) / 1e6)
    rows = await registry.get_repository("step_run").find_all({"run_id": run.id})
    assert sum(row.input_tokens for row in rows) == run.input_tokens
    (failed,) = next(row for row in rows if row.path == "s1").attempts
    assert (failed.input_tokens, failed.output_tokens) == (11, 1)
    assert failed.cost == pytest.approx(13e-6)


async def test_a_price_nobody_knows_makes_the_runs_cost_unknown(registry, wire):
    await stored(registry, house(wire, input_price=None), agent(1))
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(workflow(agent(1)), {})
    assert (run.input_tokens, run.cost) == (11, None)


async def test_an_agents_own_settings_go_before_the_profiles(registry, wire):
    settings = AgentSettings(temperature=0.1, max_tokens=50)
    own = AgentSettings(temperature=0.9, stop=["END"])
    await stored(registry, house(wire, settings=settings), agent(1), agent(2, settings=own))
    engine = registry.get_service("workflow_engine")
    await engine.execute_workflow(workflow(agent(1), agent(2)), {})
    first, second = wire.bodies
    assert (first["temperature"], "stop" in first) == (0.1, False)
    assert (second["temperature"], second["stop"]) == (0.9, ["END"])
    assert all(50 in (b.get("max_tokens"), b.get("max_completion_tokens")) for b in wire.bodies)


async def test_a_call_that_takes_longer_than_the_agents_limit_fails_and_is_hung_up(registry, wire):
    slow = agent(1, settings=AgentSettings(timeout_s=0.5))
    await stored(registry, house(wire), slow)
    engine = registry.get_service("workflow_engine")
    await open_profile(house(wire)).generate(Prompt("x"))  # loads what the first call needs
    await registry.get_model_profiles().save(house(wire, "hang", id="other"))
    slow.model = "profile:other"
    await registry.get_repository("agent_config").save(slow)
    run = await engine.execute_workflow(workflow(slow), {})
    assert run.status == "failed"
    assert "took longer than the time limit of 0.5 s that 'A1' has" in (run.error or "")
    assert wire.calls["hang"] == 3  # it may pass, so it was tried again
    await until(lambda: wire.disconnects["hang"] == 3)


async def test_the_default_model_may_be_a_profile(registry, wire, monkeypatch):
    monkeypatch.setenv("SYMPHONY_MODEL", "profile:house")
    await stored(registry, house(wire), agent(1, model=None))
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(workflow(agent(1)), {})
    assert (run.status, wire.calls) == ("completed", {"ok": 1})
    assert list(run.profiles) == ["house"]


async def test_no_key_is_in_any_row_of_a_run_that_a_provider_refused(wire):
    registry = open_registry()
    profile = house(wire, "denied", key_variable="MY_API_KEY")
    await stored(registry, profile, agent(1))
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(workflow(agent(1)), {})
    assert run.status == "failed"
    assert "'House' refused the key" in (run.error or "")
    Database.close_all()
    files = [path for path in data_dir().rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    assert b"MY_API_KEY" in written
    for key in (KEY, LEAKED_KEY, STRANGER):
        assert key.encode() not in written


async def test_profiles_are_chosen_from_and_described(registry, wire):
    profiles = registry.get_model_profiles()
    await stored(registry, house(wire), agent(1), agent(2, model="scripted"))
    names = {info.name: info.label for info in await profiles.choices()}
    assert names["profile:house"] == "House"
    assert {"embedded", "scripted"} <= set(names)
    assert (await profiles.describe("profile:house")).label == "House"
    assert "any more" in ((await profiles.describe("profile:gone")).remark or "")
    assert (await profiles.describe("openai-compatible:ok")).label == "ok"
    users = await profiles.used_by((await profiles.find_all())[0])
    assert [user.id for user in users] == ["a1"]


async def test_an_embedded_and_a_scripted_model_may_have_profiles(registry, tmp_path):
    script = tmp_path / "s.json"
    script.write_text(json.dumps({"replies": [{"reply": "from the script"}]}))
    profile = ModelProfile(id="canned", name="Canned", provider="scripted", model=str(script))
    await stored(registry, profile, agent(1, model="profile:canned"))
    made = await registry.get_agent_factory().create_agent_from_id("a1")
    assert (await made.run("x")).text == "from the script"
    await registry.get_model_profiles().save(ModelProfile(name="Small", provider="embedded"))
