"""Tracking, hooks, retries, batches and routing, on the model that SYMPHONY_MODEL names.

Run it: SYMPHONY_MODEL=scripted python -m examples.execution_example
"""

import asyncio

from symphony_core.agent_config import AgentCapabilities, AgentConfig
from symphony_core.agents.base import Agent
from symphony_core.execution.router import RoutingStrategy
from symphony_core.models.scripted import ScriptedModel
from symphony_core.registry import ServiceRegistry
from symphony_core.task import Task

AGENTS = [
    AgentConfig(
        name="Gardener",
        role="Gardening expert",
        instruction_template="You know everything about plants. Answer in two sentences.",
        capabilities=AgentCapabilities(expertise=["plants", "soil"]),
    ),
    AgentConfig(
        name="Cook",
        role="Cooking expert",
        instruction_template="You know everything about food. Answer in two sentences.",
        capabilities=AgentCapabilities(expertise=["food", "recipes"]),
    ),
]


async def new_task(registry: ServiceRegistry, query: str, *tags: str) -> Task:
    """Store a task that asks one thing."""
    return await registry.get_task_manager().create_task(
        name=query[:40], input_data={"query": query}, tags=list(tags)
    )


async def track(registry: ServiceRegistry, agent: Agent) -> None:
    """Two tasks in one workflow, whose status follows from theirs."""
    tracker, executor = registry.get_workflow_tracker(), registry.get_enhanced_executor()
    workflow = await tracker.create_workflow(name="A bed of herbs", description="Plan, then plant")
    for query in ("Which herbs grow in the shade?", "How deep is basil sown?"):
        task = await new_task(registry, query)
        await tracker.add_task_to_workflow(workflow.id, task.id)
    for task in await tracker.get_workflow_tasks(workflow.id):
        await executor.execute_task(task.id, agent, workflow.id)
        status = await tracker.compute_workflow_status(workflow.id)
        print(f"tracking: after {task.name!r} the workflow is {status}")


async def hook(registry: ServiceRegistry, agent: Agent) -> None:
    """Calls of your own before and after."""

    async def before(task: Task, agent: Agent) -> None:
        print(f"hooks: {agent.name} gets {task.query!r}")

    def after(_task: Task, agent: Agent, result: str) -> None:
        print(f"hooks: {agent.name} wrote {len(result.split())} words")

    task = await new_task(registry, "What does basil go with?")
    await registry.get_enhanced_executor().execute_task(
        task.id, agent, pre_execution_hook=before, post_execution_hook=after
    )


async def retry(registry: ServiceRegistry) -> None:
    """A model that fails for a passing reason is asked again, and the error says how often."""
    config = AgentConfig(name="Busy", role="Answers later", instruction_template="Be brief.")
    agent = Agent(config, ScriptedModel([{"error": "Not now.", "retryable": True}]))
    task = await new_task(registry, "Who are you?")
    done = await registry.get_enhanced_executor().execute_with_retry(
        task.id, agent, max_retries=2, retry_delay=0.1
    )
    print(f"retry: {done.status}: {done.error}")


async def batch(registry: ServiceRegistry, agent: Agent) -> None:
    """Five tasks, two at a time; the results come in the tasks' order."""
    tasks = [await new_task(registry, f"Name a fruit with {n} letters.") for n in range(4, 9)]
    done = await registry.get_enhanced_executor().batch_execute(
        [(task.id, agent) for task in tasks], max_concurrent=2
    )
    print(f"batch: {', '.join(task.status for task in done)}")


async def route(registry: ServiceRegistry) -> None:
    """The router chooses, and says why."""
    router = registry.get_task_router(RoutingStrategy.CAPABILITY_MATCH)
    for query, tag in (("What is good soil?", "plants"), ("Three recipes, please.", "food")):
        decision = await router.decide(await new_task(registry, query, tag))
        print(f"routing: {query!r} goes to {decision.reason}")
    router.set_strategy(RoutingStrategy.LOAD_BALANCED)
    task = await new_task(registry, "Anything.")
    print(f"routing: {(await router.decide(task)).reason}")


async def main() -> None:
    """Show one after the other."""
    registry = ServiceRegistry.get_instance()
    for config in AGENTS:
        await registry.get_repository("agent_config").save(config)
    agent = await registry.get_agent_factory().create_agent_from_id(AGENTS[0].id)
    await track(registry, agent)
    await hook(registry, agent)
    await retry(registry)
    await batch(registry, agent)
    await route(registry)


if __name__ == "__main__":
    asyncio.run(main())
