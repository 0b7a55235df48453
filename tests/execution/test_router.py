"""Which agent gets a task, and why."""

from collections import Counter

import pytest

from symphony_core.agent_config import AgentCapabilities, AgentConfig
from symphony_core.errors import EntityNotFound, RoutingError
from symphony_core.execution.load import AgentLoad
from symphony_core.execution.router import RoutingStrategy, TaskRouter
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.registry import ServiceRegistry
from symphony_core.task import Task


def agent(name: str, role: str, *expertise: str) -> AgentConfig:
    return AgentConfig(
        id=name,
        name=name,
        role=role,
        instruction_template="Be good.",
        capabilities=AgentCapabilities(expertise=list(expertise)),
    )


AGENTS = [
    agent("math", "Mathematics Expert", "mathematics", "algebra"),
    agent("writer", "Content Writer", "writing", "content"),
    agent("coder", "Software Developer", "coding", "python"),
]


def router(strategy: RoutingStrategy, load: AgentLoad | None = None) -> TaskRouter:
    return TaskRouter(InMemoryRepository(AgentConfig, AGENTS), strategy, load)


def task(query: str = "", *tags: str) -> Task:
    return Task(name="T", input_data={"query": query}, tags=list(tags))


async def test_tags_and_the_querys_words_choose_by_capability() -> None:
    route = router(RoutingStrategy.CAPABILITY_MATCH)
    assert await route.route_task(task("Solve it", "algebra")) == "math"
    assert await route.route_task(task("Some Python, please")) == "coder"


async def test_a_tag_weighs_more_than_a_word_of_the_query() -> None:
    decision = await router(RoutingStrategy.CAPABILITY_MATCH).decide(task("python", "writing"))
    assert decision.agent_id == "writer"
    assert {score.agent_id: score.score for score in decision.scores} == {
        "math": 0,
        "writer": 2,
        "coder": 1,
    }
    assert "tag 'writing' is in its expertise (+2)" in decision.reason


async def test_only_whole_words_count() -> None:
    decision = await router(RoutingStrategy.CAPABILITY_MATCH).decide(task("discontented pythons"))
    assert {score.score for score in decision.scores} == {0}


async def test_the_first_of_equals_wins() -> None:
    assert await router(RoutingStrategy.CAPABILITY_MATCH).route_task(task("nothing fits")) == "math"


async def test_content_goes_by_role_then_name_then_expertise() -> None:
    route = router(RoutingStrategy.CONTENT_MATCH)
    assert await route.route_task(task("Ask the software developer about writing")) == "coder"
    assert await route.route_task(task("Let the writer do mathematics")) == "writer"


async def test_content_that_names_nobody_goes_round() -> None:
    route = router(RoutingStrategy.CONTENT_MATCH)
    chosen = [await route.route_task(task("hm")) for _ in range(4)]
    assert chosen == ["math", "writer", "coder", "math"]


async def test_round_robin_takes_turns() -> None:
    route = router(RoutingStrategy.ROUND_ROBIN)
    chosen = [await route.route_task(task()) for _ in range(7)]
    assert chosen == ["math", "writer", "coder"] * 2 + ["math"]


async def test_load_balancing_spreads_tasks_that_do_not_end() -> None:
    route = router(RoutingStrategy.LOAD_BALANCED)
    chosen = Counter([await route.route_task(task()) for _ in range(9)])
    assert chosen == {"math": 3, "writer": 3, "coder": 3}


async def test_load_balancing_gives_the_next_task_to_whoever_has_finished() -> None:
    load = AgentLoad()
    route = router(RoutingStrategy.LOAD_BALANCED, load)
    tasks = [task() for _ in range(3)]
    for each in tasks:
        await route.route_task(each)
    load.release(tasks[1].id)
    assert await route.route_task(task()) == "writer"
    route.mark_task_complete("coder")
    assert await route.route_task(task()) == "coder"


async def test_load_balancing_counts_what_the_executor_runs(registry: ServiceRegistry) -> None:
    agents = registry.get_repository("agent_config")
    for each in AGENTS:
        await agents.save(each)
    route = registry.get_task_router(RoutingStrategy.LOAD_BALANCED)
    executor, manager = registry.get_enhanced_executor(), registry.get_task_manager()
    for _ in range(8):
        new = await manager.create_task(name="T", input_data={"query": "q"})
        chosen = await route.route_task(new)
        assert chosen is not None
        made = await registry.get_agent_factory().create_agent_from_id(chosen)
        await executor.execute_task(new.id, made)
    given = [registry.load.given(each.id) for each in await agents.find_all()]
    assert given == [2, 2, 2, 2]
    assert all(registry.load.in_hand(each.id) == 0 for each in AGENTS)


async def test_a_custom_function_decides_plain_or_async() -> None:
    route = router(RoutingStrategy.CAPABILITY_MATCH)
    route.set_custom_router(lambda _task, agents: agents[-1].id)
    assert route.strategy == RoutingStrategy.CUSTOM
    assert await route.route_task(task("algebra", "algebra")) == "coder"

    async def later(_task: Task, agents: list[AgentConfig]) -> str:
        return agents[1].id

    route.set_custom_router(later)
    assert await route.route_task(task()) == "writer"


async def test_a_custom_function_may_choose_nobody_but_no_stranger() -> None:
    route = router(RoutingStrategy.CUSTOM)
    with pytest.raises(RoutingError, match="set_custom_router"):
        await route.route_task(task())
    route.set_custom_router(lambda _task, _agents: None)
    assert await route.route_task(task()) is None
    route.set_custom_router(lambda _task, _agents: "stranger")
    with pytest.raises(EntityNotFound, match="'stranger'"):
        await route.route_task(task())


@pytest.mark.parametrize("strategy", list(RoutingStrategy))
async def test_without_agents_nobody_is_chosen(strategy: RoutingStrategy) -> None:
    empty = TaskRouter(InMemoryRepository(AgentConfig), strategy)
    assert await empty.route_task(task()) is None


async def test_explaining_changes_nothing() -> None:
    route = router(RoutingStrategy.ROUND_ROBIN)
    assert (await route.explain(task())).agent_id == "math"
    assert await route.route_task(task()) == "math"
