"""Agents with their saved versions, put away and taken back, and where they are used."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from symphony_core.agent_config import ASSISTANT, AgentConfig, AgentSettings
from symphony_core.agent_shelf import AgentShelf, document_of
from symphony_core.errors import AlreadyStored, Conflict, EntityNotFound, NotPossible
from symphony_core.execution.router import TaskRouter
from symphony_core.orchestration.steps import ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.shelf import Shelf
from symphony_core.task import Task
from symphony_core.uses import uses_of
from symphony_core.workflow import RunPurpose


@pytest.fixture
def registry() -> ServiceRegistry:
    return open_registry()


@pytest.fixture
def shelf(registry: ServiceRegistry) -> AgentShelf:
    minutes = itertools.count()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return AgentShelf(registry, lambda: start + timedelta(minutes=next(minutes)))


def editor(**fields: object) -> AgentConfig:
    given = {"name": "Editor", "role": "Edits", "instruction_template": "Edit.", **fields}
    return AgentConfig(id="editor", **given)


async def change(shelf: AgentShelf, **fields: object) -> AgentConfig:
    agent = await shelf.need("editor")
    return await shelf.save(agent.model_copy(update=fields))


def ask(agent_id: str, name: str = "Ask") -> TaskStep:
    return TaskStep(name, {"name": name, "input_data": {"query": "Why?"}}, agent_id=agent_id)


def workflow(*steps: TaskStep | ParallelStep, name: str = "W") -> WorkflowDefinition:
    definition = WorkflowDefinition(name=name)
    for step in steps:
        definition = definition.add_step(step)
    return definition


async def test_each_changed_save_is_a_version(shelf: AgentShelf) -> None:
    await shelf.add(editor())
    await change(shelf, instruction_template="Edit well.")
    await change(shelf, settings=AgentSettings(temperature=0.5))
    assert (await change(shelf, role="Edits")).saved_number == 3  # the same as before
    found = await shelf.versions("editor")
    assert [version.number for version in found] == [3, 2, 1]
    assert found[-1].document["instruction_template"] == "Edit."
    assert found[0].document == document_of(await shelf.need("editor"))
    assert found[0].created_at > found[1].created_at


async def test_restoring_makes_a_new_version_of_an_old_one(shelf: AgentShelf) -> None:
    await shelf.add(editor())
    await change(shelf, instruction_template="Edit well.")
    restored = await shelf.restore("editor", 1)
    assert restored.saved_number == 3
    assert restored.instruction_template == "Edit."
    assert [each.number for each in await shelf.versions("editor")] == [3, 2, 1]
    with pytest.raises(EntityNotFound, match="version of the agent 'editor 7'"):
        await shelf.restore("editor", 7)


async def test_an_agent_that_is_no_document_is_restored_as_well(shelf: AgentShelf) -> None:
    await shelf.add(editor(model="embedded:/some/file.gguf", variables={"odd name": 1}))
    await change(shelf, model=None, variables={})
    assert (await shelf.restore("editor", 1)).model == "embedded:/some/file.gguf"


async def test_a_new_agent_takes_no_other_s_place(shelf: AgentShelf) -> None:
    await shelf.add(editor())
    with pytest.raises(AlreadyStored):
        await shelf.add(editor(name="Another"))
    assert (await shelf.need("editor")).name == "Editor"


async def test_of_two_changes_one_is_refused_and_leaves_no_version(shelf: AgentShelf) -> None:
    await shelf.add(editor())
    mine = await shelf.need("editor")
    await change(shelf, role="Theirs")
    with pytest.raises(Conflict):
        await shelf.save(mine.model_copy(update={"role": "Mine"}))
    assert [each.number for each in await shelf.versions("editor")] == [2, 1]
    assert (await shelf.need("editor")).role == "Theirs"


async def test_an_agent_that_programs_save_has_versions_too(
    shelf: AgentShelf, registry: ServiceRegistry
) -> None:
    agents = registry.get_repository("agent_config")
    await agents.save(editor())
    assert [each.number for each in await shelf.versions("editor")] == [1]
    await change(shelf, role="Two")
    changed = await shelf.need("editor")
    changed.role = "Three"
    await agents.save(changed)  # with the number of the version before, which it no longer is
    assert (await shelf.need("editor")).saved_number == 3
    await agents.save(editor(role="Four"))  # as a program writes it anew
    assert (await shelf.need("editor")).saved_number == 4
    await change(shelf, role="Five")
    found = await shelf.versions("editor")
    assert [(each.number, each.document["role"]) for each in found] == [
        (5, "Five"),
        (4, "Four"),
        (2, "Two"),
        (1, "Edits"),
    ]


async def test_an_agent_that_is_stored_nowhere_has_no_number() -> None:
    assert ASSISTANT.saved_number == 0


async def test_who_is_put_away_is_not_routed_to_and_comes_back_as_they_were(
    shelf: AgentShelf, registry: ServiceRegistry
) -> None:
    await shelf.add(editor())
    router: TaskRouter = registry.get_service("task_router")
    assert await router.route_task(Task(name="T")) == "editor"
    await shelf.archive("editor", away=True)
    assert (await shelf.need("editor")).archived_at is not None
    assert await router.route_task(Task(name="T")) is None
    assert (await change(shelf, role="Changed")).archived_at is not None
    await shelf.archive("editor", away=False)
    agent = await shelf.need("editor")
    assert (agent.archived_at, agent.saved_number) == (None, 2)
    assert await router.route_task(Task(name="T")) == "editor"


async def test_a_workflow_goes_on_with_an_agent_that_is_put_away(
    shelf: AgentShelf, registry: ServiceRegistry
) -> None:
    await shelf.add(editor())
    await change(shelf, role="Two")
    await shelf.archive("editor", away=True)
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(workflow(ask("editor")), {})
    assert run.status == "completed"
    [step] = await registry.get_repository("step_run").find_all({"run_id": run.id})
    assert (step.agent_id, step.agent_version) == ("editor", 2)


async def test_workflows_drafts_and_runs_tell_where_an_agent_is_used(
    shelf: AgentShelf, registry: ServiceRegistry
) -> None:
    await shelf.add(editor())
    assert (await uses_of(registry, "editor")).is_none
    both = ParallelStep("Both", [ask("editor", "Left"), ask("other", "Right")])
    saved = workflow(both, ask("editor", "After"), name="Saved")
    await registry.get_repository("workflow_definition").save(saved)
    await registry.get_repository("workflow_definition").save(workflow(ask("other")))
    steps = [{"id": "s", "type": "task", "name": "Drafted", "agent_id": "editor"}]
    await Shelf(registry).new({"name": "Draft", "steps": steps})
    engine = registry.get_service("workflow_engine")
    ran = await engine.execute_run(engine.new_run(workflow(ask("editor"))))
    waiting = engine.new_run(workflow(ask("editor")))
    await engine.start_run(waiting)
    await engine.execute_run(engine.new_run(workflow(ask("editor")), purpose=RunPurpose.TRY))
    uses = await uses_of(registry, "editor")
    assert [(use.name, use.steps, use.is_draft) for use in uses.workflows] == [
        ("Saved", ("Left", "After"), False),
        ("Draft", ("Drafted",), True),
    ]
    assert (uses.runs, list(uses.latest)) == (2, [waiting.id, ran.id])


async def test_only_what_nothing_uses_is_deleted(
    shelf: AgentShelf, registry: ServiceRegistry
) -> None:
    await shelf.add(editor())
    definitions = registry.get_repository("workflow_definition")
    used = workflow(ask("editor"))
    await definitions.save(used)
    with pytest.raises(NotPossible, match="'Editor' is used: archive it instead"):
        await shelf.delete("editor")
    await definitions.delete(used.id)
    await shelf.delete("editor")
    assert await shelf.agent("editor") is None
    assert await registry.get_repository("agent_version").count() == 0
    await shelf.add(editor())
    assert [each.number for each in await shelf.versions("editor")] == [1]
