"""The server of `openai_server` in the wire formats of other providers, which the path tells apart.

It also lists models, in each provider's form, under each provider's path.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import ClassVar

from tests.support import bedrock_wire
from tests.support.openai_server import TEXT, Body, Handler, OpenAIServer

MODELS = ("ok", "other")

_BY_PATH = (
    (":streamGenerateContent", "google"),
    ("/messages", "anthropic"),
    ("/converse-stream", "bedrock"),
)
_NAMED = re.compile(r"/models/([^:]+):|/deployments/([^/]+)/|/model/([^/]+)/converse-stream")
_LISTS: dict[str, Callable[[], Body]] = {
    "/api/tags": lambda: {"models": [{"name": f"{name}:latest"} for name in MODELS]},
    "/v1beta/models": lambda: {"models": [{"name": f"models/{name}"} for name in MODELS]},
    "/v1/models": lambda: {"data": [{"id": name} for name in MODELS]},
    "/openai/v1/models": lambda: {"data": [{"id": name} for name in MODELS]},
}


class WireServer(OpenAIServer):
    """`listing` changes what a list of models is answered with: a status and a body, or a wait."""

    def __init__(self, answer: Callable[[Body], str] = lambda body: TEXT) -> None:
        super().__init__(answer, WireHandler)
        self.listing: tuple[int, bytes] | None = None
        self.listing_wait = 0.0
        self.lookers: list[str] = []  # the keys with which the list was asked for

    @property
    def root(self) -> str:
        return self.base_url.removesuffix("/v1")


class WireHandler(Handler):
    @property
    def wire(self) -> str:
        return next((wire for part, wire in _BY_PATH if part in self.path), "openai")

    @property
    def model(self) -> str:
        # else without whose it is, which OpenRouter wants told
        named = _NAMED.search(self.path)
        return next(filter(None, named.groups())) if named else super().model.rpartition("/")[2]

    @property
    def key(self) -> str:
        names = ("x-api-key", "x-goog-api-key", "api-key")
        told = next(filter(None, map(self.headers.get, names)), None) or super().key
        signed = re.search(r"Credential=([^/]+)/", told)
        return signed[1] if signed else told

    @property
    def stream_kind(self) -> str:
        return bedrock_wire.KIND if self.wire == "bedrock" else super().stream_kind

    @property
    def in_chunks(self) -> bool:
        return self.wire == "bedrock"  # whose client else waits until it has 64 KB

    def do_GET(self) -> None:
        fake = self.server.fake
        assert isinstance(fake, WireServer)
        fake.lookers.append(self.key)
        self.close_connection = True
        try:
            self.wait(fake.listing_wait)
            status, body = fake.listing or self.models()
            self.reply(status, body)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def models(self) -> tuple[int, bytes]:
        told = _LISTS.get(self.path.partition("?")[0])
        return (200, json.dumps(told()).encode()) if told else (404, b"no such page")

    def chunks(self) -> Iterator[Body]:
        tell = {"anthropic": self.anthropic, "google": self.google, "bedrock": self.bedrock}
        return tell.get(self.wire, self.openai)()

    def openai(self) -> Iterator[Body]:
        for chunk in super().chunks():
            counted = {"x_groq": {"id": "g", "usage": chunk["usage"]}} if "usage" in chunk else {}
            yield chunk | counted

    def call_chunks(self, index: int, name: str, arguments: str) -> Iterator[Body]:
        """In one piece, for that is all that Mistral sends and its client takes."""
        function = {"name": name, "arguments": arguments}
        call = {"index": index, "id": f"c{index}", "type": "function", "function": function}
        yield self.chat_chunk({"tool_calls": [call]})

    def send(self, event: Body | str) -> None:
        if self.wire != "openai" and event == "[DONE]":
            return
        if self.wire == "bedrock" and isinstance(event, dict):
            self.write(bedrock_wire.event(event))
            return
        if self.wire == "anthropic" and isinstance(event, dict):
            self.wfile.write(b"" if self.chunked else f"event: {event['type']}\n".encode())
        super().send(event)

    def fail(self, status: int, error: Body, retry_after: int | None = None) -> None:
        if self.wire == "google":
            error = {"code": status, "status": "FAILED", **error}
        body: Body = {"type": "error", "error": {"type": "api_error", **error}}
        if self.wire == "bedrock":
            body = {"code": bedrock_wire.ERRORS[status], "message": error["message"]}
        self.reply(status, json.dumps(body).encode(), retry_after=retry_after)

    def anthropic(self) -> Iterator[Body]:
        message = {"id": "m", "type": "message", "role": "assistant", "content": []}
        message |= {"model": self.model, "stop_reason": None, "stop_sequence": None}
        usage = {"input_tokens": 11, "output_tokens": 1}
        yield {"type": "message_start", "message": {**message, "usage": usage}}
        wanted = self.server.fake.tool_calls(self.body)
        answer = next((t for t in self.body.get("tools", ()) if t["name"] == "answer"), None)
        if not wanted and answer:
            wanted = [("answer", self.filled(answer["input_schema"]))]
        for index, (name, arguments) in enumerate(wanted):
            yield from self.anthropic_call(index, name, arguments)
        if not wanted:
            yield from self.anthropic_text()
        end = {"stop_reason": "tool_use" if wanted else "end_turn", "stop_sequence": None}
        yield {"type": "message_delta", "delta": end, "usage": {"output_tokens": 9}}
        yield {"type": "message_stop"}

    def anthropic_text(self) -> Iterator[Body]:
        block = {"type": "text", "text": ""}
        yield {"type": "content_block_start", "index": 0, "content_block": block}
        for word in self.words():
            delta = {"type": "text_delta", "text": word}
            yield {"type": "content_block_delta", "index": 0, "delta": delta}
        yield {"type": "content_block_stop", "index": 0}

    def anthropic_call(self, index: int, name: str, arguments: str) -> Iterator[Body]:
        block = {"type": "tool_use", "id": f"c{index}", "name": name, "input": {}}
        yield {"type": "content_block_start", "index": index, "content_block": block}
        delta = {"type": "input_json_delta", "partial_json": arguments}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}

    def google(self) -> Iterator[Body]:
        wanted = self.server.fake.tool_calls(self.body)
        calls = [{"functionCall": {"name": n, "args": json.loads(args)}} for n, args in wanted]
        parts: list[Body] = calls or [{"text": word} for word in self.words()]
        for number, part in enumerate(parts):
            candidate: Body = {"content": {"parts": [part], "role": "model"}, "index": 0}
            if number == len(parts) - 1:
                candidate["finishReason"] = "STOP"
            told = {"promptTokenCount": 11, "candidatesTokenCount": 9, "totalTokenCount": 20}
            yield {"candidates": [candidate], "modelVersion": self.model, "usageMetadata": told}

    def bedrock(self) -> Iterator[Body]:
        return bedrock_wire.answer(self.words(), self.server.fake.tool_calls(self.body))

    def throttled(self) -> None:
        """Break off with an error where the answer should go on; Bedrock only."""
        self.start_stream(chunked=True)
        for chunk in list(self.chunks())[:3]:
            self.send(chunk)
        self.write(bedrock_wire.failure("throttlingException", "slow down"))
        self.end_stream()

    _BEHAVIOURS: ClassVar[dict[str, Callable[..., None]]] = {
        **Handler._BEHAVIOURS,
        "throttled": throttled,
    }

    @property
    def schema(self) -> Body | None:
        settings = self.body.get("generationConfig", {})
        google = settings.get("responseJsonSchema") or settings.get("responseSchema")
        return google or super().schema


def tool_answers(body: Body) -> list[str]:
    """What tools have answered, as a request tells it in any of the formats."""
    said = [_answers(part) for part in _parts(body)]
    return [answer for answers in said for answer in answers]


def _parts(body: Body) -> Iterator[Body]:
    for turn in body.get("messages") or body.get("input") or body.get("contents") or ():
        yield turn
        inside = turn.get("parts") or turn.get("content")
        yield from inside if isinstance(inside, list) else ()


def _answers(part: Body) -> list[str]:
    match part:
        case {"role": "tool", "content": str(text)}:  # Chat Completions
            return [text]
        case {"type": "function_call_output", "output": str(text)}:  # Responses
            return [text]
        case {"type": "tool_result", "content": list(blocks)}:  # Anthropic
            return [block["text"] for block in blocks]
        case {"type": "tool_result", "content": str(text)}:
            return [text]
        case {"functionResponse": {"response": {"return_value": text}}}:  # Google
            return [text]
        case {"toolResult": {"content": list(blocks)}}:  # Bedrock
            return [block["text"] for block in blocks]
    return []
