"""How much every agent has in hand: what load balancing goes by."""

from collections import Counter
from threading import Lock


class AgentLoad:
    """Tasks given to an agent and not finished; a registry has one for its routers and executors."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._agent_of: dict[str, str] = {}
        self._given: Counter[str] = Counter()

    def assign(self, task_id: str, agent_id: str) -> None:
        """Note that the task is the agent's now."""
        with self._lock:
            if self._agent_of.get(task_id) != agent_id:
                self._given[agent_id] += 1
            self._agent_of[task_id] = agent_id

    def release(self, task_id: str) -> None:
        """Note that the task has ended, however it did."""
        with self._lock:
            self._agent_of.pop(task_id, None)

    def release_one(self, agent_id: str) -> None:
        """Note that one of the agent's tasks has ended, the oldest."""
        with self._lock:
            oldest = next((t for t, a in self._agent_of.items() if a == agent_id), None)
            if oldest is not None:
                del self._agent_of[oldest]

    def in_hand(self, agent_id: str) -> int:
        """Return how many tasks the agent has in hand."""
        with self._lock:
            return sum(owner == agent_id for owner in self._agent_of.values())

    def given(self, agent_id: str) -> int:
        """Return how many tasks the agent was ever given."""
        with self._lock:
            return self._given[agent_id]
