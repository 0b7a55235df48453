"""What every language model here takes and gives; apart so that nothing heavy comes with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from symphony_core.agent_config import AgentSettings
from symphony_core.errors import ModelError

OnText = Callable[[str], None]


@dataclass(frozen=True)
class Correction:
    """An answer that was of no use, and what was said about it."""

    answer: str
    complaint: str


@dataclass(frozen=True)
class Prompt:
    """What a model is asked; with `choices`, its answer is one of these texts and nothing else.

    With a `schema` its answer is to be a JSON object that fits this JSON Schema; whether it does
    is looked at by whoever asks. `corrections` are earlier answers to the same prompt.
    """

    text: str
    instructions: str = ""
    choices: tuple[str, ...] | None = None
    schema: Mapping[str, Any] | None = None
    corrections: tuple[Correction, ...] = ()
    settings: AgentSettings = field(default_factory=AgentSettings)


@dataclass(frozen=True)
class Reply:
    """What a model answered; `model` is its name, as in `LanguageModel`.

    `cost` is in US dollars; None if nobody knows it. `data` is what the text says where JSON was
    asked for.
    """

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    data: dict[str, Any] | None = None


@dataclass(frozen=True)
class ModelInfo:
    """A model as people see it: the name it is chosen by, a label, and what is to be said of it."""

    name: str
    label: str
    remark: str | None = None


@dataclass(frozen=True)
class Availability:
    """Whether a model can be used here as things are: in a word, in a sentence, and what to do.

    `models` are those its server has, None if it has not told. `key_found` is None for a model
    that takes no key.
    """

    ready: bool
    word: str
    sentence: str
    to_do: str = ""
    models: tuple[str, ...] | None = None
    key_found: bool | None = None

    @property
    def text(self) -> str:
        """The sentence, and what to do."""
        return f"{self.sentence} {self.to_do}".strip()


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


class ListedModel(LanguageModel, Protocol):
    """A model of the catalog, which can also tell whether it can be used."""

    def availability(self) -> Availability:
        """Tell whether it can be used here, as far as that shows without asking anybody."""
        ...

    def state(self) -> Availability:
        """Tell it by what was seen last, at once; what may be out of date is looked at meanwhile."""
        ...

    async def look(self) -> Availability:
        """Ask its server, and tell."""
        ...


def choose(reply: Reply, choices: tuple[str, ...]) -> str:
    """Return the choice that an answer is, spaces around it aside.

    Raises:
        ModelError: it is none of them.
    """
    for choice in choices:
        if choice.strip() == reply.text.strip():
            return choice
    raise ModelError(
        f"The model {reply.model!r} answered {reply.text[:80]!r}, which is none of "
        f"{', '.join(choices)}. Try again, or choose another model.",
        retryable=True,
        reply=reply,
    )
