"""The agents that come with Symphony."""

import pytest

from symphony_core.agent_config import AgentConfig
from symphony_core.agents.starters import STARTERS
from symphony_core.io.documents import Form, dump_agent, load_agent
from symphony_core.registry import ServiceRegistry
from symphony_core.task import Task, TaskStatus


def test_there_are_ten_with_names_and_ids_of_their_own() -> None:
    assert len({agent.name for agent in STARTERS}) == len({a.id for a in STARTERS}) == 10


@pytest.mark.parametrize("agent", STARTERS, ids=lambda agent: agent.name)
async def test_each_is_a_short_document_and_answers(
    agent: AgentConfig, registry: ServiceRegistry
) -> None:
    for form in Form:
        read = load_agent(dump_agent(agent, form), form)
        assert read.model_dump(exclude={"created_at", "updated_at"}) == agent.model_dump(
            exclude={"created_at", "updated_at"}
        )
    assert len(agent.instruction_template) < 400  # small models read no more
    task = Task(name="T", input_data={"query": "The parcel is late again, and nobody answers."})
    await registry.get_repository("task").save(task)
    ready = await registry.get_agent_factory().create_agent(agent)
    done = await registry.get_service("enhanced_executor").execute_task(task.id, ready)
    assert done.status == TaskStatus.COMPLETED
    answer = done.output_data["result"]
    assert answer in agent.answer_choices if agent.answer_choices else answer.strip()


async def test_the_router_finds_them_by_what_they_are_good_at(registry: ServiceRegistry) -> None:
    for agent in STARTERS:
        await registry.get_repository("agent_config").save(agent.model_copy())
    router = registry.get_service("task_router")
    for query, chosen in [
        ("Give me feedback on this draft, a thorough review", "Critic"),
        ("Some translation into another language", "Translator"),
        ("What trends are in this data?", "Analyst"),
    ]:
        decision = await router.explain(Task(name="T", input_data={"query": query}))
        assert decision.agent_id == next(a.id for a in STARTERS if a.name == chosen), query
