"""How whoever runs a step hears what the executor does in it.

A context variable, not an argument: a step of a user's own calls the executor as the guide shows,
without passing anything on, and is watched all the same.
"""

from contextvars import ContextVar
from typing import Protocol

from symphony_core.agents.base import Agent
from symphony_core.agents.rounds import Watch
from symphony_core.execution.strategies.base import RoutingDecision
from symphony_core.models.base import Prompt
from symphony_core.task import Task


class ExecutionObserver(Watch, Protocol):
    """Is told about every task executed within the present step, and all its agent does."""

    def routed(self, decision: RoutingDecision) -> None:
        """An agent has been chosen by the router."""

    def keep(self, task: Task) -> None:
        """A task of the step has changed and wants to be stored."""

    def asked(self, task: Task, agent: Agent, prompt: Prompt) -> None:
        """An agent is about to be asked."""


OBSERVER: ContextVar[ExecutionObserver | None] = ContextVar("symphony_observer", default=None)
