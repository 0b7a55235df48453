"""Prompts with their tools and turns in pydantic-ai's words.

Imported only together with pydantic-ai, at the first call of a model.
"""

import re
from collections.abc import Mapping, Sequence

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolReturnPart,
)
from pydantic_ai.tools import ToolDefinition

from symphony_core.models.base import Correction, Prompt, ToolCall, ToolRound, ToolSpec

ANSWER = "answer"  # the name of the form that an answer is given in

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_NAME = 64


def definitions(tools: Sequence[ToolSpec]) -> list[ToolDefinition]:
    """Return the tools as models are told of them."""
    by_name = {tool.name: tool for tool in tools}
    return [
        ToolDefinition(
            name=sent,
            description=by_name[name].description,
            parameters_json_schema=dict(by_name[name].parameters),
        )
        for sent, name in _names(tools).items()
    ]


def messages(prompt: Prompt) -> list[ModelMessage]:
    """Return the question, and what has gone back and forth since."""
    instructions = prompt.instructions or None
    sent: list[ModelMessage] = [
        ModelRequest.user_text_prompt(prompt.text, instructions=instructions)
    ]
    for turn in prompt.turns:
        if isinstance(turn, Correction):
            complaint = ModelRequest.user_text_prompt(turn.complaint, instructions=instructions)
            sent += [ModelResponse([TextPart(turn.answer)]), complaint]
        else:
            response: ModelResponse = turn.reply.source
            returns = ModelRequest(parts=_returns(response, turn), instructions=instructions)
            sent += [response, returns]
    return sent


def calls_in(response: ModelResponse, tools: Sequence[ToolSpec]) -> tuple[ToolCall, ...]:
    """Return the tools that a reply wants to be called; none if it holds the answer as well."""
    if any(call.tool_name == ANSWER for call in response.tool_calls):
        return ()
    names = _names(tools)
    return tuple(
        ToolCall(
            names.get(call.tool_name, call.tool_name),
            call.args if isinstance(call.args, str) else call.args_as_json_str(),
            call.tool_call_id,
        )
        for call in response.tool_calls
    )


def _returns(response: ModelResponse, done: ToolRound) -> list[ToolReturnPart]:
    return [
        ToolReturnPart(
            call.tool_name,
            answer.text,
            call.tool_call_id,
            outcome="failed" if answer.failed else "success",
        )
        for call, answer in zip(response.tool_calls, done.answers, strict=True)
    ]


def _names(tools: Sequence[ToolSpec]) -> Mapping[str, str]:
    """Return the tools' own names by those that providers allow, each once."""
    names: dict[str, str] = {}
    for tool in tools:
        name = _NOT_IN_NAMES.sub("_", tool.name)[:_LONGEST_NAME]
        while name in names or name == ANSWER:
            name = f"{name[: _LONGEST_NAME - 1]}_"
        names[name] = tool.name
    return names
