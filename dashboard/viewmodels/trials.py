"""A chat in which agents are tried: each question and who was asked it, and what they answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from symphony_core.workflow import RunPurpose, Workflow

TRIAL = "trial"
"""Where a run keeps which question of a chat it asks."""

MOST_REMEMBERED = 6  # questions
LONGEST_REMEMBERED = 2_000  # characters of each text


@dataclass(frozen=True)
class Asked:
    """A question to one agent, which is a run."""

    run_id: str
    agent_id: str
    is_over: bool
    answer: str


@dataclass
class Turn:
    """A question of a chat, with everybody who was asked it."""

    number: int
    question: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether nobody answers any more."""
        return all(asked.is_over for asked in self.asked)

    def answer_of(self, agent_id: str) -> str:
        """Return what an agent answered; empty if it was not asked or did not answer."""
        return next((each.answer for each in self.asked if each.agent_id == agent_id), "")


@dataclass(frozen=True)
class Totals:
    """What a chat took so far; no cost where that of a model is not known."""

    questions: int
    tokens: int
    cost: float | None


def trial_of(number: int, question: str, agent_id: str) -> dict[str, object]:
    """Return what a run keeps to be found as a part of its chat."""
    return {TRIAL: {"turn": number, "question": question, "agent": agent_id}}


def turns_of(runs: Sequence[Workflow]) -> list[Turn]:
    """Return the questions of a chat, in the order they were asked."""
    turns: dict[int, Turn] = {}
    for run in runs:
        trial = run.metadata[TRIAL]
        turn = turns.setdefault(trial["turn"], Turn(trial["turn"], trial["question"]))
        turn.asked.append(Asked(run.id, trial["agent"], run.status.is_final, _answer(run)))
    return [turns[number] for number in sorted(turns)]


def is_trial(run: Workflow) -> bool:
    """Tell whether a run is a question of a chat."""
    return run.purpose == RunPurpose.TRY and TRIAL in run.metadata


def totals_of(runs: Sequence[Workflow], turns: Sequence[Turn]) -> Totals:
    """Return what a chat took."""
    costs = [run.cost for run in runs]
    return Totals(
        questions=len(turns),
        tokens=sum(run.input_tokens + run.output_tokens for run in runs),
        cost=None if None in costs else sum(cost or 0.0 for cost in costs),
    )


def with_memory(question: str, agent_id: str, turns: Sequence[Turn]) -> str:
    """Return a question after what an agent was asked before and has answered."""
    said = [(turn.question, turn.answer_of(agent_id)) for turn in turns]
    before = [pair for pair in said if pair[1]][-MOST_REMEMBERED:]
    if not before:
        return question
    lines = [
        f"User: {asked[:LONGEST_REMEMBERED]}\n\nYou: {answer[:LONGEST_REMEMBERED]}"
        for asked, answer in before
    ]
    told = "\n\n".join(lines)
    return f"The conversation so far:\n\n{told}\n\nThe user goes on:\n\n{question}"


def _answer(run: Workflow) -> str:
    [step] = (run.definition or {})["steps"]
    return str(run.metadata.get("context", {}).get(f"step.{step['id']}.result", ""))
