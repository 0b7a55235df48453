"""What every language model here takes and gives; apart so that nothing heavy comes with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from symphony_core.agent_config import AgentSettings
from symphony_core.errors import ModelError

OnText = Callable[[str], None]


@dataclass(frozen=True)
class Prompt:
    """What a model is asked; with `choices`, its answer is one of these texts and nothing else."""

    text: str
    instructions: str = ""
    choices: tuple[str, ...] | None = None
    settings: AgentSettings = field(default_factory=AgentSettings)


@dataclass(frozen=True)
class Reply:
    """What a model answered; `model` is the name it was chosen by.

    `cost` is in US dollars; None if nobody knows it.
    """

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


@dataclass(frozen=True)
class ModelInfo:
    """A model as people see it: the name it is chosen by, a label, and what is to be said of it."""

    name: str
    label: str
    remark: str | None = None


@dataclass(frozen=True)
class Availability:
    """Whether a model can be used here as things are, and a sentence that says why."""

    ready: bool
    sentence: str


class LanguageModel(Protocol):
    """A model that can be asked from any event loop."""

    name: str
    label: str
    remark: str | None

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        """Answer the prompt.

        `on_text` is called in the caller's event loop with each new piece of the answer, in order,
        and with all of them before this returns. Cancelling the caller cancels the call in flight.

        Raises:
            ModelUnavailable: the model cannot be used here.
            ModelError: it did not answer.
        """
        ...


def choose(answer: str, choices: tuple[str, ...], name: str) -> str:
    """Return the choice that an answer is, spaces around it aside.

    Raises:
        ModelError: it is none of them.
    """
    for choice in choices:
        if choice.strip() == answer.strip():
            return choice
    raise ModelError(
        f"The model {name!r} answered {answer[:80]!r}, which is none of {', '.join(choices)}. "
        "Try again, or choose another model.",
        retryable=True,
    )
