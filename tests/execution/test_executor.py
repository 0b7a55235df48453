"""What becomes of a task that is executed."""

import asyncio
from typing import Any

import pytest

from symphony_core.agents.base import Agent
from symphony_core.errors import EntityNotFound
from symphony_core.registry import ServiceRegistry
from symphony_core.task import Task, TaskStatus
from tests.support.scripted import answer_with


async def new_task(registry: ServiceRegistry, query: str = "Say something.") -> Task:
    return await registry.get_task_manager().create_task(name="T", input_data={"query": query})


async def assistant(registry: ServiceRegistry) -> Agent:
    return await registry.get_agent_factory().create_agent_from_id("assistant")


async def test_the_answer_is_stored_with_the_task(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": "something", "reply": "Something."}])
    task = await new_task(registry)
    done = await registry.get_enhanced_executor().execute_task(
        task.id, await assistant(registry), context={"why": "test"}
    )
    assert done.status == "completed"
    assert done.output_data["result"] == "Something."
    assert done.output_data["context"] == {"why": "test"}
    assert await registry.get_repository("task").find_by_id(task.id) == done
    assert model.prompts[0].instructions.startswith("You are a helpful assistant.")


async def test_a_models_error_is_the_tasks_error_and_no_exception(
    registry: ServiceRegistry,
) -> None:
    answer_with(registry, [{"match": "", "error": "The model is on strike."}])
    task = await new_task(registry)
    done = await registry.get_enhanced_executor().execute_task(task.id, await assistant(registry))
    assert (done.status, done.error) == (TaskStatus.FAILED, "The model is on strike.")
    assert done.metadata["error_details"]["type"] == "ModelError"


async def test_a_second_attempt_clears_the_first_ones_error(registry: ServiceRegistry) -> None:
    answer_with(
        registry,
        [{"match": "", "error": "Not now.", "times": 1}, {"match": "", "reply": "Now."}],
    )
    task, agent = await new_task(registry), await assistant(registry)
    executor = registry.get_enhanced_executor()
    assert (await executor.execute_task(task.id, agent)).status == "failed"
    done = await executor.execute_task(task.id, agent)
    assert (done.status, done.error) == ("completed", None)


async def test_retries_go_on_until_an_answer_comes(registry: ServiceRegistry) -> None:
    answer_with(
        registry,
        [
            {"match": "", "error": "Not now.", "retryable": True, "times": 2},
            {"match": "", "reply": "Now."},
        ],
    )
    task = await new_task(registry)
    done = await registry.get_enhanced_executor().execute_with_retry(
        task.id, await assistant(registry), max_retries=3, retry_delay=0
    )
    assert done.status == "completed"
    assert done.metadata["attempts"] == 3


async def test_the_last_error_names_the_number_of_attempts(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": "", "error": "Never.", "retryable": True}])
    task = await new_task(registry)
    done = await registry.get_enhanced_executor().execute_with_retry(
        task.id, await assistant(registry), max_retries=2, retry_delay=0
    )
    assert done.error == "Failed after 3 attempts: Never."
    assert len(model.prompts) == 3
    assert await registry.get_repository("task").find_by_id(task.id) == done


async def test_hooks_are_called_around_the_agent(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "Yes."}])
    calls: list[Any] = []

    async def before(task: Task, agent: Agent) -> None:
        calls.append(("before", task.status, agent.name))

    def after(task: Task, agent: Agent, result: str) -> None:
        calls.append(("after", task.status, result))

    task = await new_task(registry)
    await registry.get_enhanced_executor().execute_task(
        task.id,
        await assistant(registry),
        None,
        pre_execution_hook=before,
        post_execution_hook=after,
    )
    assert calls == [("before", "running", "Assistant"), ("after", "completed", "Yes.")]


async def test_a_hook_that_fails_is_noted_and_fails_nothing(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "Yes."}])

    def broken(_task: Task, _agent: Agent) -> None:
        raise RuntimeError("no luck")

    task = await new_task(registry)
    done = await registry.get_enhanced_executor().execute_task(
        task.id, await assistant(registry), pre_execution_hook=broken
    )
    assert done.status == "completed"
    assert done.metadata["hook_errors"] == ["broken: no luck"]


async def test_a_batch_keeps_its_order_and_its_limit(registry: ServiceRegistry) -> None:
    replies = [{"match": f"number {i}.", "reply": f"answer {i}"} for i in range(6)]
    answer_with(registry, replies, delay_s=0.01)
    tasks = [await new_task(registry, f"number {i}.") for i in range(6)]
    agent = await assistant(registry)
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, registry.load.in_hand("assistant"))
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    done = await registry.get_enhanced_executor().batch_execute(
        [(task.id, agent) for task in tasks], max_concurrent=2
    )
    watching.cancel()
    assert [task.output_data["result"] for task in done] == [f"answer {i}" for i in range(6)]
    assert most == 2


async def test_a_batch_with_an_unknown_task_starts_nothing(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": "", "reply": "Yes."}])
    task, agent = await new_task(registry), await assistant(registry)
    with pytest.raises(EntityNotFound, match="'nowhere'"):
        await registry.get_enhanced_executor().batch_execute([(task.id, agent), ("nowhere", agent)])
    assert model.prompts == []


async def test_a_cancelled_call_leaves_a_cancelled_task(registry: ServiceRegistry) -> None:
    answer_with(registry, [{"match": "", "reply": "one two three " * 50, "delay_s": 0.05}])
    task = await new_task(registry)
    agent = await assistant(registry)
    running = asyncio.create_task(registry.get_enhanced_executor().execute_task(task.id, agent))
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    stored = await registry.get_repository("task").find_by_id(task.id)
    assert stored.status == "cancelled"
    assert registry.load.in_hand("assistant") == 0
