"""How whoever runs a step hears what the executor does in it.

A context variable, not an argument: a step of a user's own calls the executor as the guide shows,
without passing anything on, and is watched all the same.
"""

from contextvars import ContextVar
from typing import Protocol

from symphony_core.agents.base import Agent
from symphony_core.execution.strategies.base import RoutingDecision
from symphony_core.models.base import Prompt, Reply
from symphony_core.task import Task


class ExecutionObserver(Protocol):
    """Is told about every task executed within the present step."""

    def routed(self, decision: RoutingDecision) -> None:
        """An agent has been chosen by the router."""

    def keep(self, task: Task) -> None:
        """A task of the step has changed and wants to be stored."""

    def asked(self, task: Task, agent: Agent, prompt: Prompt) -> None:
        """An agent is about to be asked."""

    def wrote(self, piece: str) -> None:
        """The next piece of the answer has come."""

    def answered(self, reply: Reply) -> None:
        """The whole answer is there, or one that is of no use."""


OBSERVER: ContextVar[ExecutionObserver | None] = ContextVar("symphony_observer", default=None)
