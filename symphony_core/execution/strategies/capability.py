"""By what the agents say they are good at."""

from symphony_core.agent_config import AgentConfig
from symphony_core.execution.strategies.base import AgentScore, mentions, words
from symphony_core.task import Task

TAG_POINTS = 2
QUERY_POINTS = 1


def score(task: Task, agent: AgentConfig) -> AgentScore:
    """Two points for each of the task's tags in the expertise, one for each named in the query."""
    expertise = {words(item): item for item in agent.capabilities.expertise}
    tagged = [tag for tag in task.tags if words(tag) in expertise]
    named = [item for item in expertise.values() if mentions(task.query, item)]
    reasons = [f"tag {tag!r} is in its expertise (+{TAG_POINTS})" for tag in tagged]
    reasons += [f"the query names its expertise {item!r} (+{QUERY_POINTS})" for item in named]
    points = TAG_POINTS * len(tagged) + QUERY_POINTS * len(named)
    return AgentScore(agent.id, agent.name, points, tuple(reasons))
