"""By what the query talks about."""

from symphony_core.agent_config import AgentConfig
from symphony_core.execution.strategies.base import AgentScore, mentions
from symphony_core.task import Task

ROLE_POINTS = 3
NAME_POINTS = 2
EXPERTISE_POINTS = 1


def score(task: Task, agent: AgentConfig) -> AgentScore:
    """Three points if the query names the role, two for the name, one for each expertise."""
    found = [("role", agent.role, ROLE_POINTS), ("name", agent.name, NAME_POINTS)]
    found += [("expertise", item, EXPERTISE_POINTS) for item in agent.capabilities.expertise]
    found = [row for row in found if mentions(task.query, row[1])]
    reasons = tuple(f"the query names its {what} {text!r} (+{n})" for what, text, n in found)
    return AgentScore(agent.id, agent.name, sum(n for _, _, n in found), reasons)
