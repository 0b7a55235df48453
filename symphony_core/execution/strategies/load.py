"""By how much the agents have in hand."""

from symphony_core.agent_config import AgentConfig
from symphony_core.execution.load import AgentLoad
from symphony_core.execution.strategies.base import AgentScore, Score
from symphony_core.task import Task


def score_by(load: AgentLoad) -> Score:
    """Return a score that is the higher, the fewer tasks an agent has in hand."""

    def score(_task: Task, agent: AgentConfig) -> AgentScore:
        in_hand, given = load.in_hand(agent.id), load.given(agent.id)
        reason = f"{in_hand} in hand, {given} given so far"
        return AgentScore(agent.id, agent.name, -in_hand, (reason,))

    return score
