"""Asks a model again and again until it has answered: after tools, and after what is of no use."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from symphony_core.answer_schema import read_answer
from symphony_core.errors import ModelError, ToolError, ToolUnavailable
from symphony_core.models.base import (
    Correction,
    LanguageModel,
    OnText,
    Prompt,
    Reply,
    ToolAnswer,
    ToolCall,
    ToolRound,
    Turn,
)
from symphony_core.models.scrub import scrub
from symphony_core.outcomes import describe, outcome
from symphony_core.texts import storable
from symphony_core.tools.base import Tool

CORRECTIONS = 2  # how often a model is told what is wrong with its answer, and asked again
MAX_ROUNDS = 8
MAX_CALLS = 32
MAX_ANSWER = 20_000  # characters of a tool's answer that the model gets

_COMPLAINT = (
    "That answer cannot be used. {said} Give the whole answer again, as one JSON object that fits "
    "this JSON Schema, and nothing else: {schema}"
)


class Watch(Protocol):
    """Is told what happens while an agent answers."""

    def equipped(self, sentence: str) -> None:
        """It is known which tools the agent has."""

    def wrote(self, piece: str) -> None:
        """The next piece of the answer has come."""

    def answered(self, reply: Reply) -> None:
        """A whole reply is there, also one of no use; with calls in it, it is not the last."""

    async def calling(self, call: ToolCall) -> None:
        """A tool is about to be called."""

    def called(self, answer: ToolAnswer) -> None:
        """The tool that was called last has answered."""

    def asked_again(self) -> None:
        """The model is about to be asked once more, with what has been said since."""


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


class Rounds:
    """A model with its tools, asked until it has answered as it has to.

    `agent` is the name of whoever is asked, for what is said of failures.
    """

    def __init__(
        self, agent: str, model: LanguageModel, tools: Mapping[str, Tool], watch: Watch
    ) -> None:
        self._agent = agent
        self._model = model
        self._tools = tools
        self._watch = watch

    async def answer(self, prompt: Prompt) -> Reply:
        """Return the model's last reply, with the tokens and the cost of all of them.

        Tools that it calls are called, and an answer that does not fit the prompt's schema is
        given back with what is wrong with it.

        Raises:
            ModelError: it did not answer, not as it has to, or only went on calling tools.
            ToolUnavailable: a tool cannot be used as things are.
        """
        total: Reply | None = None
        while True:
            reply = await self._ask(prompt)
            total = _sum(total, reply) if total else reply
            turn: Turn
            if reply.calls:
                turn = await self._round(prompt, reply)
            elif prompt.schema is None:
                return total
            else:
                try:
                    return replace(total, data=read_answer(reply.text, prompt.schema))
                except ValueError as error:
                    turn = self._correction(prompt, reply, str(error))
            prompt = replace(prompt, turns=(*prompt.turns, turn))
            self._watch.asked_again()

    async def _ask(self, prompt: Prompt) -> Reply:
        seconds = prompt.settings.timeout_s
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                reply = await self._model.generate(prompt, self._watch.wrote)
        except TimeoutError:
            if not limit.expired():
                raise
            raise ModelError(
                f"The model {self._model.name!r} took longer than the time limit of {seconds:g} s "
                f"that {self._agent!r} has. Try again, or raise the limit.",
                retryable=True,
            ) from None
        except ModelError as error:
            if error.reply is not None:
                self._watch.answered(_storable(error.reply))
            raise
        reply = _storable(reply)
        self._watch.answered(reply)
        return reply

    async def _round(self, prompt: Prompt, reply: Reply) -> ToolRound:
        before = prompt.rounds
        calls = len(reply.calls) + sum(len(each.answers) for each in before)
        if len(before) == MAX_ROUNDS or calls > MAX_CALLS:
            raise ModelError(
                f"The model {self._model.name!r} went on calling tools and gave no answer: it may "
                f"call at most {MAX_CALLS} in {MAX_ROUNDS} rounds. Ask for less at once, or give "
                "the agent other tools."
            )
        answers = [await _call(call, self._tools, self._watch) for call in reply.calls]
        return ToolRound(reply, tuple(answers))

    def _correction(self, prompt: Prompt, reply: Reply, said: str) -> Correction:
        if len(prompt.corrections) == CORRECTIONS:
            raise ModelError(
                f"The model {reply.model!r} was asked {CORRECTIONS + 1} times, and its answer does "
                f"not fit the JSON Schema of {self._agent!r}. {said} Choose another model, or a "
                "simpler schema."
            )
        complaint = _COMPLAINT.format(said=said, schema=json.dumps(prompt.schema))
        return Correction(reply.text, complaint)


def _storable(reply: Reply) -> Reply:
    text = storable(reply.text)
    return reply if text == reply.text else replace(reply, text=text)


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
