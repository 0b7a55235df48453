"""Chooses the agent for a task, and can say why."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from symphony_core.agent_config import AgentConfig
from symphony_core.errors import EntityNotFound, RoutingError
from symphony_core.execution.load import AgentLoad
from symphony_core.execution.strategies import capability, content
from symphony_core.execution.strategies.base import AgentScore, RoutingDecision, Score, best
from symphony_core.execution.strategies.load import score_by
from symphony_core.persistence.repository import Repository
from symphony_core.task import Task

CustomRouter = Callable[[Task, list[AgentConfig]], str | None | Awaitable[str | None]]


class RoutingStrategy(StrEnum):
    """What the choice goes by."""

    ROUND_ROBIN = "round_robin"
    CAPABILITY_MATCH = "capability_match"
    CONTENT_MATCH = "content_match"
    LOAD_BALANCED = "load_balanced"
    CUSTOM = "custom"


class TaskRouter:
    """Routes tasks to stored agents, in the order they were made, but to none that is put away."""

    def __init__(
        self,
        agent_repo: Repository[AgentConfig],
        strategy: RoutingStrategy = RoutingStrategy.CAPABILITY_MATCH,
        load: AgentLoad | None = None,
    ) -> None:
        self._agents = agent_repo
        self._strategy = RoutingStrategy(strategy)
        self._load = load or AgentLoad()
        self._custom: CustomRouter | None = None
        self._turn = 0

    @property
    def strategy(self) -> RoutingStrategy:
        """What the choice goes by at present."""
        return self._strategy

    def set_strategy(self, strategy: RoutingStrategy) -> None:
        """Change what the choice goes by."""
        self._strategy = RoutingStrategy(strategy)

    def set_custom_router(self, router: CustomRouter) -> None:
        """Let a function of (task, agents), plain or async, choose an agent's id or None."""
        self._custom = router
        self._strategy = RoutingStrategy.CUSTOM

    async def route_task(self, task: Task) -> str | None:
        """Return the chosen agent's id; None if there are no agents."""
        return (await self.decide(task)).agent_id

    async def decide(self, task: Task) -> RoutingDecision:
        """Choose, with the reasons; the task then counts as the agent's until it has ended."""
        decision = await self.explain(task)
        if decision.agent_id is not None:
            self._load.assign(task.id, decision.agent_id)
        if decision.strategy == RoutingStrategy.ROUND_ROBIN:
            self._turn += 1
        return decision

    def mark_task_complete(self, agent_id: str) -> None:
        """Tell the router that one of the agent's tasks has ended.

        Needed only for tasks that no executor of the same registry executes.
        """
        self._load.release_one(agent_id)

    async def explain(self, task: Task) -> RoutingDecision:
        """Return what `decide` would choose, and change nothing."""
        agents = [agent for agent in await self._agents.find_all() if not agent.archived_at]
        if not agents:
            return RoutingDecision(None, self._strategy, "There are no agents.")
        match self._strategy:
            case RoutingStrategy.ROUND_ROBIN:
                return self._next_in_turn(agents, "its turn")
            case RoutingStrategy.CAPABILITY_MATCH:
                return self._highest(task, agents, capability.score)
            case RoutingStrategy.CONTENT_MATCH:
                return self._highest(task, agents, content.score)
            case RoutingStrategy.LOAD_BALANCED:
                rested = sorted(agents, key=lambda agent: self._load.given(agent.id))
                return self._highest(task, rested, score_by(self._load))
            case RoutingStrategy.CUSTOM:
                return await self._by_custom(task, agents)

    def _next_in_turn(self, agents: Sequence[AgentConfig], why: str) -> RoutingDecision:
        index = self._turn % len(agents)
        scores = [AgentScore(a.id, a.name, float(i == index)) for i, a in enumerate(agents)]
        reason = f"{agents[index].name}: {why}"
        return RoutingDecision(agents[index].id, RoutingStrategy.ROUND_ROBIN, reason, scores)

    def _highest(self, task: Task, agents: Sequence[AgentConfig], score: Score) -> RoutingDecision:
        index, scores = best(task, agents, score)
        winner = scores[index]
        if winner.score == 0 and self._strategy == RoutingStrategy.CONTENT_MATCH:
            return self._next_in_turn(agents, "the query names no agent, so the next in turn")
        reason = (
            f"{winner.agent_name}: {'; '.join(winner.reasons) or 'nothing matches, so the first'}"
        )
        return RoutingDecision(winner.agent_id, self._strategy, reason, scores)

    async def _by_custom(self, task: Task, agents: list[AgentConfig]) -> RoutingDecision:
        if self._custom is None:
            raise RoutingError(
                "The custom strategy needs a function: call set_custom_router first."
            )
        chosen = self._custom(task, agents)
        agent_id = await chosen if inspect.isawaitable(chosen) else chosen
        if agent_id is not None and agent_id not in {agent.id for agent in agents}:
            raise EntityNotFound("agent", str(agent_id))
        return RoutingDecision(agent_id, self._strategy, "chosen by the custom function")
