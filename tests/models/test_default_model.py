"""The model of whoever names none: chosen in the store, unless the environment names it."""

import asyncio
import json
from pathlib import Path

import pytest

from symphony_core.agent_config import AgentConfig
from symphony_core.errors import Conflict, ModelUnavailable, NotPossible
from symphony_core.model_profile import ModelProfile
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYMPHONY_MODEL")


def speaker(folder: Path, word: str) -> str:
    """The name of a model that says one word."""
    script = folder / f"{word}.json"
    script.write_text(json.dumps({"replies": [{"reply": word}]}))
    return f"scripted:{script}"


def workflow(*steps: WorkflowStep) -> WorkflowDefinition:
    definition = WorkflowDefinition(name="w")
    for step in steps or (TaskStep("Ask", {"input_data": {"query": "?"}}),):
        definition = definition.add_step(step)
    return definition


async def keep_house(registry: ServiceRegistry, model: str = "") -> None:
    profile = ModelProfile(id="house", name="House", provider="scripted", model=model)
    await registry.get_model_profiles().save(profile)


async def said(registry: ServiceRegistry, run_id: str) -> list[str | None]:
    rows = await registry.get_repository("step_run").find_all({"run_id": run_id})
    return [row.output or row.returned["result"] for row in rows]


async def test_what_was_chosen_answers_unless_the_environment_names_another(
    registry, tmp_path, monkeypatch
) -> None:
    models, engine = registry.get_model_profiles(), registry.get_service("workflow_engine")
    assert await models.default_name() == "embedded"
    one, other = speaker(tmp_path, "one"), speaker(tmp_path, "other")
    await models.choose_default(one, seen="embedded")
    run = await engine.execute_workflow(workflow())
    assert (run.model, await said(registry, run.id)) == (one, ["one"])
    assert [info.name for info in await models.choices()][0] == one
    monkeypatch.setenv("SYMPHONY_MODEL", other)
    run = await engine.execute_workflow(workflow())
    assert (run.model, await said(registry, run.id)) == (other, ["other"])
    run = await engine.execute_workflow(workflow(), model=one)
    assert (run.model, await said(registry, run.id)) == (one, ["one"])


async def test_a_run_that_was_started_keeps_the_default_of_then(registry, tmp_path) -> None:
    models, engine = registry.get_model_profiles(), registry.get_service("workflow_engine")
    one = speaker(tmp_path, "one")
    await models.choose_default(one, seen="embedded")
    run = engine.new_run(workflow())
    await engine.start_run(run)
    await models.choose_default("scripted", seen=one)
    done = await engine.run_workflow(run.id)
    assert (done.model, await said(registry, run.id)) == (one, ["one"])


class Asking(WorkflowStep):
    """Chooses another default, and then asks an agent of its own without naming a model."""

    arranges = False

    async def execute(self, context):
        models = context.get_service("model_profiles")
        await models.choose_default("scripted", seen=(await models.default()).name)
        config = AgentConfig(name="A", role="r", instruction_template="I")
        agent = await context.get_service("agent_factory").create_agent(config)
        return StepResult(True, {"result": (await agent.run("?")).text})


async def test_a_step_of_ones_own_has_the_default_of_its_run(registry, tmp_path) -> None:
    await registry.get_model_profiles().choose_default(speaker(tmp_path, "one"), seen="embedded")
    run = await registry.get_service("workflow_engine").execute_workflow(workflow(Asking("Own")))
    assert run.status == "completed", run.error
    assert await said(registry, run.id) == ["one"]
    assert await registry.get_model_profiles().default_name() == "scripted"


async def test_a_profile_can_be_the_default_and_is_not_deleted_then(
    registry, tmp_path, monkeypatch
) -> None:
    models, engine = registry.get_model_profiles(), registry.get_service("workflow_engine")
    await keep_house(registry, speaker(tmp_path, "one").removeprefix("scripted:"))
    await models.choose_default("profile:house", seen="embedded")
    with pytest.raises(NotPossible, match="'House' is the default model. Choose another"):
        await models.delete("house")
    run = await engine.execute_workflow(workflow())
    assert (list(run.profiles), await said(registry, run.id)) == (["house"], ["one"])
    monkeypatch.setenv("SYMPHONY_MODEL", "scripted")  # nothing can be chosen then
    assert await models.delete("house")
    monkeypatch.delenv("SYMPHONY_MODEL")
    await keep_house(registry)
    await models.choose_default("scripted", seen="profile:house")
    assert await models.delete("house")
    assert not await models.delete("house")


async def test_one_that_is_gone_all_the_same_is_stood_in_for_and_told(
    registry, monkeypatch, caplog
) -> None:
    models = registry.get_model_profiles()
    await keep_house(registry)
    await models.choose_default("profile:house", seen="embedded")
    await registry.get_repository("model_profile").delete("house")
    name, gone = await models.default()
    assert name == "embedded"
    assert gone.startswith("The default model 'profile:house' is not there any more, so that Smol")
    run = registry.get_service("workflow_engine").new_run(workflow())
    await registry.get_service("workflow_engine").start_run(run)
    assert run.model == "embedded"
    assert caplog.messages == [gone]
    monkeypatch.setenv("SYMPHONY_MODEL", "scripted")
    assert await models.default() == ("scripted", "")


async def test_what_no_model_can_be_called_is_not_chosen(registry) -> None:
    models = registry.get_model_profiles()
    for name in ("gpt-x", "profile:gone", "openai-chat:"):
        with pytest.raises(ModelUnavailable):
            await models.choose_default(name, seen="embedded")
    assert await models.default_name() == "embedded"


async def test_of_two_who_choose_at_once_one_is_told(registry) -> None:
    models = registry.get_model_profiles()
    both = (models.choose_default(name, seen="embedded") for name in ("scripted", "openai-chat:x"))
    results = await asyncio.gather(*both, return_exceptions=True)
    [refused] = [each for each in results if each is not None]
    assert isinstance(refused, Conflict)
    assert "'default model' was changed by someone else" in str(refused)
    with pytest.raises(Conflict):
        await models.choose_default("openai-chat:y", seen="embedded")
