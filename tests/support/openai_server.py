"""An OpenAI-compatible server on loopback; how it behaves is said by the model's name.

Any name not in `_BEHAVIOURS` answers with a stream. `answer` makes the text from the request.
"""

import json
import select
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, ClassVar, Self

Body = dict[str, Any]

TEXT = "The quick brown fox jumps over the lazy dog."
LEAKED_KEY = "sk-live-0123456789abcdef"
RETRY_AFTER = 7
PACE = 0.02  # seconds before each word of the model "slow"


class OpenAIServer:
    """Records the bodies it got, calls and hang-ups by model, and the most calls it had at once.

    `tool_calls` are the tools that a chat wants to be called, with their arguments, instead of
    answering.
    """

    def __init__(
        self,
        answer: Callable[[Body], str] = lambda body: TEXT,
        handler: "type[Handler] | None" = None,
    ) -> None:
        self.answer = answer
        self.tool_calls: Callable[[Body], list[tuple[str, str]]] = lambda body: []
        self.bodies: list[Body] = []
        self.keys: list[str] = []
        self.calls: Counter[str] = Counter()
        self.disconnects: Counter[str] = Counter()
        self.retry_after = RETRY_AFTER
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self._listener = _Listener(("127.0.0.1", 0), handler or Handler)
        self._listener.fake = self
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,))

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._listener.server_address[1]}/v1"

    def prompts(self) -> list[str]:
        """Every message of every request, as one text a request."""
        return ["\n".join(m["content"] or "" for m in body["messages"]) for body in self.bodies]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128
    fake: OpenAIServer


class Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    body: Body
    chunked = False
    stream_kind = "text/event-stream"
    in_chunks = False  # whether an answer that comes to its end is sent in chunks

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        fake = self.server.fake
        self.close_connection = True
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with fake.lock:
            fake.bodies.append(self.body)
            fake.keys.append(self.key)
            fake.calls[self.model] += 1
            fake.at_once += 1
            fake.most_at_once = max(fake.most_at_once, fake.at_once)
        try:
            self.behaviour()(self)
        except (BrokenPipeError, ConnectionResetError):
            fake.disconnects[self.model] += 1
        finally:
            with fake.lock:
                fake.at_once -= 1

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def key(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def behaviour(self) -> Callable[["Handler"], None]:
        """What the model's name says; one that ends in `-once` does so the first time only."""
        name, once, _ = self.model.partition("-once")
        if once and self.server.fake.calls[self.model] > 1:
            return Handler.stream
        return self._BEHAVIOURS.get(name, Handler.stream)

    # What a model may do.

    def stream(self, pace: float = 0.0) -> None:
        self.start_stream(chunked=self.in_chunks)
        for chunk in self.chunks():
            self.wait(pace)
            self.send(chunk)
        self.send("[DONE]")
        self.end_stream()

    def slow(self) -> None:
        self.stream(PACE)

    def hang(self) -> None:
        self.wait(60)

    def busy(self) -> None:
        self.fail(
            429, {"message": "slow down", "type": "rate_limit_error"}, self.server.fake.retry_after
        )

    def broken(self) -> None:
        self.fail(500, {"message": "boom", "type": "server_error"})

    def denied(self) -> None:
        told = f"Incorrect API key {LEAKED_KEY}, sent as Bearer {self.key}. "
        self.fail(401, {"message": told + "x" * 999})

    def unknown(self) -> None:
        self.fail(404, {"message": "no such model", "code": "model_not_found"})

    def full(self) -> None:
        told = {"type": "exceed_context_size_error", "n_prompt_tokens": 5031, "n_ctx": 4096}
        self.fail(400, {"message": "too long", **told})

    def cut(self) -> None:
        """End after three words, as a server does that dies with a body of unknown length."""
        self.start_stream()
        for chunk in list(self.chunks())[:3]:
            self.send(chunk)

    def torn(self) -> None:
        """End after three words inside a chunked body."""
        self.start_stream(chunked=True)
        for chunk in list(self.chunks())[:3]:
            self.send(chunk)

    def garbled(self) -> None:
        self.start_stream()
        self.send("{this is not JSON")

    def web_page(self) -> None:
        self.reply(200, b"<html>Welcome to the wrong server</html>", "text/html")

    def empty(self) -> None:
        self.start_stream()
        self.send(self.chat_chunk({}, "length"))
        self.send("[DONE]")

    def blocked(self) -> None:
        self.start_stream()
        self.send(self.chat_chunk({"content": "I "}))
        self.send(self.chat_chunk({}, "content_filter"))
        self.send("[DONE]")

    _BEHAVIOURS: ClassVar[dict[str, Callable[["Handler"], None]]] = {
        "slow": slow,
        "hang": hang,
        "busy": busy,
        "broken": broken,
        "denied": denied,
        "unknown": unknown,
        "full": full,
        "cut": cut,
        "torn": torn,
        "garbled": garbled,
        "web-page": web_page,
        "empty": empty,
        "blocked": blocked,
    }

    # What an answer is made of.

    def chunks(self) -> Iterator[Body]:
        return self.response_events() if "input" in self.body else self.chat_chunks()

    def chat_chunks(self) -> Iterator[Body]:
        tools = {tool["function"]["name"]: tool for tool in self.body.get("tools", ())}
        wanted = self.server.fake.tool_calls(self.body)
        for index, (name, arguments) in enumerate(wanted):
            yield from self.call_chunks(index, name, arguments)
        if wanted:
            pass
        elif "answer" in tools:
            schema = tools["answer"]["function"]["parameters"]
            yield from self.call_chunks(0, "answer", self.filled(schema))
        else:
            for word in self.words():
                yield self.chat_chunk({"content": word})
        yield self.chat_chunk({}, "tool_calls" if wanted else "stop")
        yield {**self.chat_chunk({}), "choices": [], "usage": _usage("prompt", "completion")}

    def call_chunks(self, index: int, name: str, arguments: str) -> Iterator[Body]:
        """A call of a tool, whose arguments come in two pieces."""
        middle = len(arguments) // 2
        head = {"index": index, "id": f"c{index}", "type": "function"}
        begun = {**head, "function": {"name": name, "arguments": arguments[:middle]}}
        yield self.chat_chunk({"tool_calls": [begun]})
        rest = {"index": index, "function": {"arguments": arguments[middle:]}}
        yield self.chat_chunk({"tool_calls": [rest]})

    def chat_chunk(self, delta: Body, finish_reason: str | None = None) -> Body:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": self.model}
        return {**head, "choices": [choice]}

    def response_events(self) -> Iterator[Body]:
        """The same as the Responses API sends it; the model name `openai:NAME` uses that one."""
        at = {"item_id": "m", "output_index": 0, "content_index": 0}
        head = {"id": "r", "object": "response", "created_at": 1, "model": self.model}
        head |= {"parallel_tool_calls": False, "tool_choice": "auto", "tools": []}
        message = {"id": "m", "type": "message", "role": "assistant", "content": []}
        start = {**head, "status": "in_progress", "output": []}
        yield {"type": "response.created", "response": start}
        wanted = self.server.fake.tool_calls(self.body)
        for index, (name, arguments) in enumerate(wanted):
            yield from self.response_call(index, name, arguments)
        if not wanted:
            yield {"type": "response.output_item.added", "output_index": 0, "item": message}
            for word in self.words():
                yield {"type": "response.output_text.delta", **at, "delta": word, "logprobs": []}
        end = {**head, "status": "completed", "output": [], "usage": _usage("input", "output")}
        yield {"type": "response.completed", "response": end}

    def response_call(self, index: int, name: str, arguments: str) -> Iterator[Body]:
        call = {"type": "function_call", "id": f"f{index}", "call_id": f"c{index}", "name": name}
        at = {"item_id": f"f{index}", "output_index": index}
        begun = {**call, "arguments": "", "status": "in_progress"}
        yield {"type": "response.output_item.added", "output_index": index, "item": begun}
        yield {"type": "response.function_call_arguments.delta", **at, "delta": arguments}
        done = {**call, "arguments": arguments, "status": "completed"}
        yield {"type": "response.output_item.done", "output_index": index, "item": done}

    def words(self) -> list[str]:
        if self.schema and self.model != "stubborn":
            text = self.filled(self.schema)
        else:
            text = self.server.fake.answer(self.body)
        return [word for word in text.replace(" ", " \0").split("\0") if word]

    @property
    def schema(self) -> Body | None:
        """The JSON Schema that the answer is asked to fit."""
        chat = self.body.get("response_format", {}).get("json_schema", {})
        return (chat or self.body.get("text", {}).get("format", {})).get("schema")

    def filled(self, schema: Body) -> str:
        return _form(schema, self.server.fake.answer(self.body))

    def wait(self, seconds: float) -> None:
        """Wait, and notice if the caller hangs up meanwhile."""
        ends = time.monotonic() + seconds
        while not self.server.fake.closing.is_set() and (left := ends - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.05))
            if readable and not self.connection.recv(1):
                raise ConnectionResetError

    # HTTP

    def start_stream(self, *, chunked: bool = False) -> None:
        self.chunked = chunked
        self.send_response(200)
        self.send_header("Content-Type", self.stream_kind)
        self.send_header("Connection", "close")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def send(self, event: Body | str) -> None:
        text = event if isinstance(event, str) else json.dumps(event)
        self.write(f"data: {text}\n\n".encode())

    def write(self, part: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if self.chunked else part)

    def end_stream(self) -> None:
        if self.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def fail(self, status: int, error: Body, retry_after: int | None = None) -> None:
        self.reply(status, json.dumps({"error": error}).encode(), retry_after=retry_after)

    def reply(
        self,
        status: int,
        content: bytes,
        kind: str = "application/json",
        *,
        retry_after: int | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(content)


def _form(schema: Body, wanted: str) -> str:
    """Fill in a form: with what `wanted` has in JSON, or, where the form has one field, with the
    allowed value that it names, else the first.
    """
    if wanted.startswith("{"):
        return wanted
    ((field, rule),) = schema["properties"].items()
    allowed = rule["enum"]
    return json.dumps({field: wanted if wanted in allowed else allowed[0]})


def _usage(asked: str, answered: str) -> Body:
    usage: Body = {f"{asked}_tokens": 11, f"{answered}_tokens": 9, "total_tokens": 20}
    return usage | {f"{asked}_tokens_details": {"cached_tokens": 0}}
