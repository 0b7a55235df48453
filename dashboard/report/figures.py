"""What a run took, agent by agent."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.viewmodels.steps import StepView


@dataclass(frozen=True)
class Share:
    """What one agent's steps took with one model; `cost` is None where a price is not known."""

    agent: str
    model: str
    steps: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    seconds: float


def shares_of(steps: Sequence[StepView]) -> list[Share]:
    """Return what each agent took, in the order in which they began; nothing counts twice.

    Steps that were taken over took what they took in the run before.
    """
    groups: dict[tuple[str, str], list[StepView]] = {}
    for step in steps:
        if step.agent and not step.taken_over:
            groups.setdefault((step.agent, step.model or "–"), []).append(step)
    return [_share(agent, model, group) for (agent, model), group in groups.items()]


def _share(agent: str, model: str, steps: Sequence[StepView]) -> Share:
    costs = [step.cost for step in steps]
    return Share(
        agent=agent,
        model=model,
        steps=len(steps),
        tokens_in=sum(step.tokens_in for step in steps),
        tokens_out=sum(step.tokens_out for step in steps),
        cost=None if None in costs else sum(cost or 0.0 for cost in costs),
        seconds=sum(step.duration_s or 0.0 for step in steps),
    )
