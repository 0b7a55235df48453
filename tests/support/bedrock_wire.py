"""Bedrock's ConverseStream: its events, and the binary frames in which they are sent."""

import json
from binascii import crc32
from collections.abc import Iterable, Iterator
from struct import pack

from tests.support.openai_server import Body

KIND = "application/vnd.amazon.eventstream"
ERRORS = {
    401: "UnrecognizedClientException",
    404: "ResourceNotFoundException",
    429: "ThrottlingException",
    500: "InternalServerException",
}
_TEXT = 7  # a header's type


def event(body: Body) -> bytes:
    """The frame of an event, which is given as its type and what it holds."""
    ((kind, inside),) = body.items()
    return _frame({":message-type": "event", ":event-type": kind}, inside)


def failure(kind: str, message: str) -> bytes:
    """The frame of an error in the middle of a stream."""
    return _frame({":message-type": "exception", ":exception-type": kind}, {"message": message})


def answer(words: Iterable[str], calls: Iterable[tuple[str, str]]) -> Iterator[Body]:
    """The events of an answer: the tools it calls, or else its words."""
    calls = list(calls)
    yield {"messageStart": {"role": "assistant"}}
    for index, (name, arguments) in enumerate(calls):
        yield from _call(index, name, arguments)
    if not calls:
        for word in words:
            yield {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": word}}}
        yield {"contentBlockStop": {"contentBlockIndex": 0}}
    yield {"messageStop": {"stopReason": "tool_use" if calls else "end_turn"}}
    usage = {"inputTokens": 11, "outputTokens": 9, "totalTokens": 20}
    yield {"metadata": {"usage": usage, "metrics": {"latencyMs": 1}}}


def _call(index: int, name: str, arguments: str) -> Iterator[Body]:
    at = {"contentBlockIndex": index}
    begun = {"toolUse": {"toolUseId": f"c{index}", "name": name}}
    yield {"contentBlockStart": {**at, "start": begun}}
    middle = len(arguments) // 2
    for piece in (arguments[:middle], arguments[middle:]):
        yield {"contentBlockDelta": {**at, "delta": {"toolUse": {"input": piece}}}}
    yield {"contentBlockStop": at}


def _frame(named: dict[str, str], inside: Body) -> bytes:
    """Lengths, their checksum, headers, content, and the checksum of it all."""
    known = {**named, ":content-type": "application/json"}
    headers = b"".join(_header(name, value) for name, value in known.items())
    content = json.dumps(inside).encode()
    lengths = pack("!II", 16 + len(headers) + len(content), len(headers))
    frame = lengths + pack("!I", crc32(lengths)) + headers + content
    return frame + pack("!I", crc32(frame))


def _header(name: str, value: str) -> bytes:
    return pack("!B", len(name)) + name.encode() + pack("!BH", _TEXT, len(value)) + value.encode()
