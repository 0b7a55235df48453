"""One question to a model through pydantic-ai, streamed.

pydantic-ai takes seconds to import, so only this module, `clients` and `failures` do, and the
others import these at the first call. Everything here runs in the background loop.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.messages import (
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from symphony_core.agent_config import AgentSettings
from symphony_core.errors import ModelError
from symphony_core.models.base import OnText, Prompt, Reply, ToolSpec, choose
from symphony_core.models.clients import Client
from symphony_core.models.failures import library_errors, model_error, not_usable
from symphony_core.models.prices import Prices, cost_of
from symphony_core.models.tool_calls import ANSWER, calls_in, definitions, messages


async def ask(
    client: Client, prompt: Prompt, name: str, on_text: OnText, prices: Prices | None = None
) -> Reply:
    """Ask a provider's model; where its answer has a form, it comes as structured output."""
    talk = Conversation(client, name, prices)
    settings = _provider_settings(client, prompt.settings)
    form = _form(client, prompt)
    if prompt.choices is None and prompt.schema is None:
        return await talk.ask(prompt, settings, on_text, form=form)
    reply = await talk.ask(prompt, settings, form=form)
    if reply.calls:
        return reply
    if prompt.choices is not None:
        reply = replace(reply, text=_chosen(reply.text))
        reply = replace(reply, text=choose(reply, prompt.choices))
    on_text(reply.text)
    return reply


class Conversation:
    """A client that is asked for a model; `name` stands in what is said of failures."""

    def __init__(self, client: Client, name: str, prices: Prices | None = None) -> None:
        self._client = client
        self._name = name
        self._prices = prices

    async def ask(
        self,
        prompt: Prompt,
        settings: Mapping[str, Any],
        on_text: OnText | None = None,
        *,
        form: ModelRequestParameters | None = None,
    ) -> Reply:
        """Send the prompt once and return the answer; `settings` are pydantic-ai's.

        Raises:
            ModelError: the model did not answer, or not to the end.
        """
        heard: list[ModelResponse] = []
        try:
            await self._stream(prompt, settings, on_text, form, heard)
        except AgentRunError as error:
            failure = model_error(self._name, error)
        except library_errors(UserError) as error:
            failure = not_usable(self._name, error)
        else:
            reply = self._reply(heard[0], prompt)
            _check_complete(reply, heard[0], self._client)
            return reply
        # Raised out here, so that it has no context: the library's own words may hold a key, which
        # a traceback would show, and its frames hold the answer half read.
        failure.reply = _to_be_paid(self._reply(heard[0], prompt)) if heard else None
        raise failure

    async def _stream(
        self,
        prompt: Prompt,
        settings: Mapping[str, Any],
        on_text: OnText | None,
        form: ModelRequestParameters | None,
        heard: list[ModelResponse],
    ) -> None:
        """Put what was answered into `heard`, also if the answer breaks off."""
        async with model_request_stream(
            self._client,
            messages(prompt),
            model_settings=cast(ModelSettings, settings),
            model_request_parameters=form,
        ) as stream:
            try:
                async for event in stream:
                    if (piece := _new_text(event)) and on_text:
                        on_text(piece)
            finally:
                heard.append(stream.get())

    def _reply(self, response: ModelResponse, prompt: Prompt) -> Reply:
        usage = response.usage
        return Reply(
            _text(response),
            self._name,
            usage.input_tokens,
            usage.output_tokens,
            cost_of(response, self._prices),
            calls=calls_in(response, prompt.tools),
            source=response,
        )


def _text(response: ModelResponse) -> str:
    """The answer's text: what fills in a form that was sent as a tool, else the text itself."""
    given = [call for call in response.tool_calls if call.tool_name == ANSWER]
    return given[0].args_as_json_str() if given else response.text or ""


def _new_text(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""


def _check_complete(reply: Reply, response: ModelResponse, client: Client) -> None:
    """Refuse an answer that was cut off, blocked or empty; pydantic-ai takes it for a whole one."""
    name, paid = reply.model, _to_be_paid(reply)
    ended = (response.provider_details or {}).get("finish_reason")
    # Servers that speak OpenAI's chat API may leave out why they ended; those that count the
    # tokens have come to their end. The others tell it in the last thing they send.
    counted = isinstance(client, OpenAIChatModel) and not response.usage.unmeasured_requests
    if not ended and not counted:
        raise ModelError(
            f"The connection to the model {name!r} ended in the middle of its answer. Try again.",
            retryable=True,
            reply=paid,
        )
    if response.finish_reason == "content_filter":
        raise ModelError(
            f"The provider of the model {name!r} blocked the answer by its content filter. "
            "Change the prompt, or choose another model.",
            reply=paid,
        )
    if not reply.text.strip() and not reply.calls:
        raise ModelError(
            f"The model {name!r} gave no text (it ended with {ended or 'no reason'!r}). "
            "Try again, or raise the agent's max_tokens.",
            retryable=True,
            reply=paid,
        )


def _to_be_paid(reply: Reply) -> Reply | None:
    """The answer, if its server counted anything."""
    return reply if reply.input_tokens or reply.output_tokens else None


def request_settings(wanted: AgentSettings) -> dict[str, Any]:
    """Return an agent's settings by pydantic-ai's names; the time limit is the caller's."""
    settings = wanted.model_dump(exclude_none=True, exclude={"timeout_s", "stop"})
    return {**settings, "stop_sequences": wanted.stop} if wanted.stop else settings


def _form(client: Client, prompt: Prompt) -> ModelRequestParameters | None:
    if prompt.choices is not None:
        return answer_form(client, _schema_of(prompt.choices), prompt.tools, strict=True)
    if prompt.schema is not None:
        return answer_form(client, prompt.schema, prompt.tools)
    tools = definitions(prompt.tools)
    return ModelRequestParameters(function_tools=tools) if tools else None


def answer_form(
    client: Client,
    schema: Mapping[str, Any],
    tools: Sequence[ToolSpec] = (),
    *,
    strict: bool | None = None,
) -> ModelRequestParameters:
    """Ask for a JSON object that fits a schema: by the schema itself, or else by a tool call.

    Not every provider takes a schema beside tools, so then it is a tool call.
    """
    if client.profile.get("supports_json_schema_output") and not tools:
        shape = OutputObjectDefinition(json_schema=dict(schema), name=ANSWER, strict=strict)
        return ModelRequestParameters(output_mode="native", output_object=shape)
    answer = ToolDefinition(
        name=ANSWER,
        description="Give the answer.",
        parameters_json_schema=dict(schema),
        kind="output",
    )
    return ModelRequestParameters(
        function_tools=definitions(tools),
        output_mode="tool",
        output_tools=[answer],
        allow_text_output=False,
    )


def _provider_settings(client: Client, wanted: AgentSettings) -> dict[str, Any]:
    settings = request_settings(wanted)
    if "max_retries" not in client.unsupported_settings:
        settings["max_retries"] = 0  # retrying is the caller's; two layers would multiply
    return settings


def _schema_of(choices: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {ANSWER: {"type": "string", "enum": list(choices)}},
        "required": [ANSWER],
        "additionalProperties": False,
    }


def _chosen(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return str(found.get(ANSWER, text)) if isinstance(found, dict) else str(found)
