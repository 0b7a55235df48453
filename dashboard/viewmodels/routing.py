"""The scores by which the router has chosen an agent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ScoreView:
    """An agent's score; `share` is its place between the lowest and the highest, from 0 to 1."""

    agent: str
    score: str
    share: float
    because: str
    is_chosen: bool


def scores_of(routing: Mapping[str, Any] | None, chosen: str | None) -> tuple[ScoreView, ...]:
    """Return every agent's score as a step keeps them, the chosen first, then by height."""
    given = [(float(score["score"]), score) for score in (routing or {}).get("scores", ())]
    low = min([0.0, *(value for value, _ in given)])
    high = max([0.0, *(value for value, _ in given)])
    ordered = sorted(given, key=lambda pair: (pair[1]["agent"] != chosen, -pair[0]))
    return tuple(
        ScoreView(
            agent=score["agent"],
            score=f"{value:g}",
            share=(value - low) / (high - low) if high > low else 0.0,
            because="; ".join(score["reasons"]),
            # Agents may share a name; the chosen one is that with the highest score.
            is_chosen=index == 0 and score["agent"] == chosen,
        )
        for index, (value, score) in enumerate(ordered)
    )
