"""One question to a model through pydantic-ai, streamed.

The only module here that imports pydantic-ai, which takes seconds: the others import this one at
the first call. Everything in it runs in the background loop.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any, cast

from httpx2 import AsyncClient, InvalidURL
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.messages import (
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import Model, ModelRequestParameters, infer_model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from symphony_core.agent_config import AgentSettings
from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.models.base import OnText, Prompt, Reply, ToolCall, choose
from symphony_core.models.failures import model_error
from symphony_core.models.scrub import scrub
from symphony_core.models.tool_calls import CHOICE, calls_in, definitions, messages

Client = Model[Any]


class SharedClient:
    """A client that several calls at once share; the last one closes its connections.

    Nothing stays open between calls, so a changed key or address counts from the next call on.
    """

    def __init__(self, open_client: Callable[[], Client]) -> None:
        self._open_client = open_client
        self._client: Client | None = None
        self._calls = 0

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Client]:
        """Open the client, or join the calls that have it open."""
        self._client = client = self._client or self._open_client()
        self._calls += 1
        try:
            async with client:
                yield client
        finally:
            self._calls -= 1
            if not self._calls:
                self._client = None


def provider_client(name: str) -> Client:
    """Return a client for a name like `openai-chat:NAME`.

    Raises:
        ModelUnavailable: pydantic-ai cannot make one from the name and the environment.
    """
    try:
        return infer_model(name)
    except (UserError, ImportError, ValueError, InvalidURL) as error:
        raise ModelUnavailable(
            f"The model {name!r} cannot be used here: {scrub(str(error)).rstrip('.')}. "
            "Correct the environment, or choose another model."
        ) from None


@asynccontextmanager
async def local_client(model: str, address: str, key: str) -> AsyncIterator[Client]:
    """Open a client for an OpenAI-compatible server of our own on this machine.

    No proxy of the environment comes in between, no certificate is loaded, and no call times out:
    it may have to wait for its turn.
    """
    trusts_nobody = SSLContext(PROTOCOL_TLS_CLIENT)
    async with AsyncClient(trust_env=False, timeout=None, verify=trusts_nobody) as http:
        provider = OpenAICompatibleProvider(
            "embedded", base_url=f"{address}/v1", api_key=key, http_client=http
        )
        yield OpenAIChatModel(model, provider=provider)


async def ask(client: Client, prompt: Prompt, name: str, on_text: OnText) -> Reply:
    """Ask a provider's model; its answer to a prompt with choices is structured output."""
    settings, form = _provider_settings(client, prompt.settings), _form(client, prompt)
    streamed = on_text if prompt.choices is None else None
    text, response = await converse(client, prompt, name, settings, streamed, form=form)
    calls = calls_in(response, prompt.tools)
    if prompt.choices is not None and not calls:
        text = choose(_chosen(response), prompt.choices, name)
        on_text(text)
    return _reply(text, name, response, calls)


async def converse(
    client: Client,
    prompt: Prompt,
    name: str,
    settings: Mapping[str, Any],
    on_text: OnText | None = None,
    *,
    form: ModelRequestParameters | None = None,
) -> tuple[str, ModelResponse]:
    """Send the prompt once and return the answer's text and the whole answer.

    `settings` are pydantic-ai's.

    Raises:
        ModelError: the model did not answer, or not to the end.
    """
    try:
        text, response = await _stream(client, prompt, settings, on_text, form)
    except AgentRunError as error:
        # Not chained: the provider's own words may hold a key, and a traceback would show them.
        raise model_error(name, error) from None
    except UserError as error:
        raise ModelUnavailable(f"The model {name!r} cannot be used: {scrub(str(error))}") from None
    _check_complete(response, name)
    return text, response


async def _stream(
    client: Client,
    prompt: Prompt,
    settings: Mapping[str, Any],
    on_text: OnText | None,
    form: ModelRequestParameters | None,
) -> tuple[str, ModelResponse]:
    pieces: list[str] = []
    async with model_request_stream(
        client,
        messages(prompt),
        model_settings=cast(ModelSettings, settings),
        model_request_parameters=form,
    ) as stream:
        async for event in stream:
            if piece := _new_text(event):
                pieces.append(piece)
                if on_text:
                    on_text(piece)
        return "".join(pieces), stream.get()


def _new_text(event: object) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""


def _check_complete(response: ModelResponse, name: str) -> None:
    """Refuse an answer that was cut off, blocked or empty; pydantic-ai takes it for a whole one."""
    ended = (response.provider_details or {}).get("finish_reason")
    if not ended and response.usage.unmeasured_requests:
        raise ModelError(
            f"The connection to the model {name!r} ended in the middle of its answer. Try again.",
            retryable=True,
        )
    if response.finish_reason == "content_filter":
        raise ModelError(
            f"The provider of the model {name!r} blocked the answer by its content filter. "
            "Change the prompt, or choose another model."
        )
    if not (response.text or "").strip() and not response.tool_calls:
        raise ModelError(
            f"The model {name!r} gave no text (it ended with {ended or 'no reason'!r}). "
            "Try again, or raise the agent's max_tokens.",
            retryable=True,
        )


def _provider_settings(client: Client, wanted: AgentSettings) -> dict[str, Any]:
    settings = wanted.model_dump(exclude_none=True)
    if "max_retries" not in client.unsupported_settings:
        settings["max_retries"] = 0  # retrying is the caller's; two layers would multiply
    return settings


def _form(client: Client, prompt: Prompt) -> ModelRequestParameters | None:
    """Give the model its tools, and ask for a JSON object with one of the choices.

    The object is asked for by schema or else by a tool call; not every provider takes a schema
    beside tools.
    """
    tools = definitions(prompt.tools)
    if prompt.choices is None:
        return ModelRequestParameters(function_tools=tools) if tools else None
    schema = {
        "type": "object",
        "properties": {CHOICE: {"type": "string", "enum": list(prompt.choices)}},
        "required": [CHOICE],
        "additionalProperties": False,
    }
    if client.profile.get("supports_json_schema_output") and not tools:
        shape = OutputObjectDefinition(json_schema=schema, name=CHOICE, strict=True)
        return ModelRequestParameters(output_mode="native", output_object=shape)
    answer = ToolDefinition(
        name=CHOICE,
        description="Give the answer.",
        parameters_json_schema=schema,
        kind="output",
    )
    return ModelRequestParameters(
        function_tools=tools, output_mode="tool", output_tools=[answer], allow_text_output=False
    )


def _chosen(response: ModelResponse) -> str:
    """The answer inside the JSON; the text itself from a server that does not keep to a schema."""
    given = [call for call in response.tool_calls if call.tool_name == CHOICE]
    text = given[0].args_as_json_str() if given else response.text or ""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return str(found.get(CHOICE, text)) if isinstance(found, dict) else str(found)


def _reply(text: str, name: str, response: ModelResponse, calls: tuple[ToolCall, ...]) -> Reply:
    try:
        cost = float(response.cost().total_price)
    except (LookupError, ValueError):  # no price is known, or the server did not count its tokens
        cost = None
    usage = response.usage
    return Reply(
        text, name, usage.input_tokens, usage.output_tokens, cost, calls=calls, source=response
    )
