"""Asks a model, calls the tools it wants, and asks again until it has answered."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from symphony_core.errors import ModelError, ToolError, ToolUnavailable
from symphony_core.models.base import (
    LanguageModel,
    OnText,
    Prompt,
    Reply,
    ToolAnswer,
    ToolCall,
    ToolRound,
)
from symphony_core.models.scrub import scrub
from symphony_core.outcomes import describe, outcome
from symphony_core.texts import storable
from symphony_core.tools.base import Tool

MAX_ROUNDS = 8
MAX_CALLS = 32
MAX_ANSWER = 20_000  # characters of a tool's answer that the model gets


class Watch(Protocol):
    """Is told what happens while an agent answers."""

    def equipped(self, sentence: str) -> None:
        """It is known which tools the agent has."""

    def wrote(self, piece: str) -> None:
        """The next piece of the answer has come."""

    def answered(self, reply: Reply) -> None:
        """A whole reply is there; with calls in it, it is not the last."""

    async def calling(self, call: ToolCall) -> None:
        """A tool is about to be called."""

    def called(self, answer: ToolAnswer) -> None:
        """The tool that was called last has answered."""

    def asked_again(self) -> None:
        """The model is about to be asked with its tools' answers."""


class Unwatched:
    """Hands on what is written, and leaves the rest untold."""

    def __init__(self, on_text: OnText | None = None) -> None:
        self._on_text = on_text

    def equipped(self, sentence: str) -> None:
        """See `Watch`."""

    def wrote(self, piece: str) -> None:
        """See `Watch`."""
        if self._on_text is not None:
            self._on_text(piece)

    def answered(self, reply: Reply) -> None:
        """See `Watch`."""

    async def calling(self, call: ToolCall) -> None:
        """See `Watch`."""

    def called(self, answer: ToolAnswer) -> None:
        """See `Watch`."""

    def asked_again(self) -> None:
        """See `Watch`."""


async def converse(
    model: LanguageModel, prompt: Prompt, tools: Mapping[str, Tool], watch: Watch
) -> Reply:
    """Return the model's last reply, with the tokens and the cost of all of them.

    Raises:
        ModelError: it did not answer, or only went on calling tools.
        ToolUnavailable: a tool cannot be used as things are.
    """
    made = 0
    reply = await _ask(model, prompt, watch)
    total = reply
    while reply.calls:
        made += len(reply.calls)
        if len(prompt.rounds) == MAX_ROUNDS or made > MAX_CALLS:
            raise ModelError(
                f"The model {model.name!r} went on calling tools and gave no answer: it may call "
                f"at most {MAX_CALLS} in {MAX_ROUNDS} rounds. Ask for less at once, or give the "
                "agent other tools."
            )
        answers = tuple([await _call(call, tools, watch) for call in reply.calls])
        prompt = replace(prompt, rounds=(*prompt.rounds, ToolRound(reply, answers)))
        watch.asked_again()
        reply = await _ask(model, prompt, watch)
        total = _sum(total, reply)
    return total


async def _ask(model: LanguageModel, prompt: Prompt, watch: Watch) -> Reply:
    reply = await model.generate(prompt, watch.wrote)
    text = storable(reply.text)
    reply = reply if text == reply.text else replace(reply, text=text)
    watch.answered(reply)
    return reply


def _sum(before: Reply, reply: Reply) -> Reply:
    known = before.cost is not None and reply.cost is not None
    return replace(
        reply,
        input_tokens=before.input_tokens + reply.input_tokens,
        output_tokens=before.output_tokens + reply.output_tokens,
        cost=(before.cost or 0.0) + (reply.cost or 0.0) if known else None,
    )


async def _call(call: ToolCall, tools: Mapping[str, Tool], watch: Watch) -> ToolAnswer:
    await watch.calling(call)
    try:
        answer = ToolAnswer(storable(await _answer(call, tools), MAX_ANSWER))
    except ToolError as error:
        answer = ToolAnswer(str(error), failed=True)
    except ToolUnavailable as error:
        watch.called(ToolAnswer(str(error), failed=True))
        raise
    watch.called(answer)
    return answer


async def _answer(call: ToolCall, tools: Mapping[str, Tool]) -> str:
    tool = tools.get(call.tool)
    if tool is None:
        raise ToolError(f"There is no tool {call.tool!r}. There is: {', '.join(tools) or 'none'}.")
    arguments = _arguments(call)
    try:
        async with asyncio.timeout(tool.seconds):
            answer = await outcome(tool.call(arguments))
    except TimeoutError:
        raise ToolError(
            f"The tool {call.tool!r} took longer than its time limit of {tool.seconds:g} s."
        ) from None
    if isinstance(answer, ToolError | ToolUnavailable):
        raise answer
    if isinstance(answer, Exception):
        said = scrub(describe(answer)).rstrip(".")
        raise ToolError(f"The tool {call.tool!r} failed with {type(answer).__name__}: {said}.")
    return answer


def _arguments(call: ToolCall) -> dict[str, Any]:
    try:
        arguments = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, dict):
        raise ToolError(f"The arguments for the tool {call.tool!r} are not a JSON object.")
    return arguments
