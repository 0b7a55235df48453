"""What a routing strategy answers, and how texts are compared."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from symphony_core.agent_config import AgentConfig
from symphony_core.task import Task


@dataclass(frozen=True)
class AgentScore:
    """What one agent got for one task, and why, in words."""

    agent_id: str
    agent_name: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoutingDecision:
    """Which agent was chosen (None: there is none), by which strategy, and why."""

    agent_id: str | None
    strategy: str
    reason: str
    scores: list[AgentScore] = field(default_factory=list)


Score = Callable[[Task, AgentConfig], AgentScore]


def best(task: Task, agents: Sequence[AgentConfig], score: Score) -> tuple[int, list[AgentScore]]:
    """Return the index of the highest score, the first of equals, and all scores."""
    scores = [score(task, agent) for agent in agents]
    return max(range(len(scores)), key=lambda i: (scores[i].score, -i)), scores


def mentions(text: str, phrase: str) -> bool:
    """Tell whether a text has a phrase in it as whole words, whatever the case."""
    return bool(phrase.strip()) and f" {words(phrase)} " in f" {words(text)} "


def words(text: str) -> str:
    """Return a text's words in lower case, one blank between them."""
    return " ".join(re.findall(r"\w+", text.lower()))
