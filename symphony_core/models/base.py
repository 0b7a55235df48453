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
class ToolSpec:
    """A tool as a model is told of it; `parameters` is the JSON Schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class ToolCall:
    """A tool that a model wants to be called; `arguments` are JSON as the model wrote it."""

    tool: str
    arguments: str
    id: str = ""


@dataclass(frozen=True)
class ToolAnswer:
    """What came of a call: the tool's answer, or a sentence that says why there is none."""

    text: str
    failed: bool = False


@dataclass(frozen=True)
class ToolRound:
    """A reply that asked for tools, and what they answered, in the order of its calls."""

    reply: "Reply"
    answers: tuple[ToolAnswer, ...]


Turn = ToolRound | Correction
"""After one of these a model is asked again."""


@dataclass(frozen=True)
class Prompt:
    """What a model is asked; with `choices`, its answer is one of these texts and nothing else.

    With a `schema` its answer is to be a JSON object that fits this JSON Schema; whether it does
    is looked at by whoever asks. `turns` are what has gone back and forth since.
    """

    text: str
    instructions: str = ""
    choices: tuple[str, ...] | None = None
    schema: Mapping[str, Any] | None = None
    settings: AgentSettings = field(default_factory=AgentSettings)
    tools: tuple[ToolSpec, ...] = ()
    turns: tuple[Turn, ...] = ()

    @property
    def rounds(self) -> tuple[ToolRound, ...]:
        """The turns in which tools were called."""
        return tuple(turn for turn in self.turns if isinstance(turn, ToolRound))

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The turns in which an answer was of no use."""
        return tuple(turn for turn in self.turns if isinstance(turn, Correction))


@dataclass(frozen=True)
class Reply:
    """What a model answered; `model` is its name, as in `LanguageModel`.

    `cost` is in US dollars; None if nobody knows it. `data` is what the text says where JSON was
    asked for. With `calls` it is no answer yet: the model wants these tools to be called and to be
    asked again. `source` is the reply as the provider gave it, for the model to send back then.
    """

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    data: dict[str, Any] | None = None
    calls: tuple[ToolCall, ...] = ()
    source: Any = field(default=None, repr=False, compare=False)


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
    """A model that can be asked from any event loop.

    One that can call tools says so by an attribute `calls_tools = True`; others get none.
    """

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


def calls_tools(model: LanguageModel) -> bool:
    """Tell whether a model can call tools."""
    return bool(getattr(model, "calls_tools", False))


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
