"""Reads JSON that somebody else has written: its size and depth first, then its values."""

import json
import re
from collections import Counter
from itertools import accumulate, count
from operator import sub
from typing import Any

from symphony_core.errors import DocumentError

MAX_BYTES = 2_000_000
MAX_DEPTH = 100
MAX_VALUES = 100_000
MAX_DIGITS = 400

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # to its end, or to the file's: linear
_OPENING, _CLOSING = b"[{", b"]}"
_STEPS = bytes.maketrans(_OPENING + _CLOSING, b"\2\2\0\0")  # up or down by one, each plus one
_NO_BRACKETS = bytes(set(range(256)) - set(_OPENING + _CLOSING))


def parse_json(document: str | bytes) -> Any:
    """Return a document's values.

    Raises:
        DocumentError: it is too large or too deep, no UTF-8 or no JSON, or it has too many values,
            a key twice, or a number that is none or far too long.
    """
    text = decode(document)
    if not text.strip():
        raise DocumentError("The document is empty, and so it is no JSON.")
    check_shape(text.encode())
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        reason = error.msg[0].lower() + error.msg[1:]
        place = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(f"The document is not JSON: {reason} ({place}).") from None


def decode(document: str | bytes) -> str:
    """Return a document's text, without a byte order mark.

    Raises:
        DocumentError: it is too large, or no UTF-8.
    """
    if len(document) > MAX_BYTES:
        raise _too_large()
    try:
        raw = document.encode() if isinstance(document, str) else bytes(document)
        text = raw.decode()
    except UnicodeError:
        raise DocumentError("The document is not a text in UTF-8.") from None
    if len(raw) > MAX_BYTES:
        raise _too_large()
    return text.removeprefix("\ufeff")


def check_shape(raw: bytes) -> None:
    """Count how deep brackets lie in each other, and the values, before a parser does.

    Raises:
        DocumentError: too deep, or too many.
    """
    bare = _TEXT.sub(b"", raw)
    steps = bare.translate(_STEPS, _NO_BRACKETS)
    if max(map(sub, accumulate(steps), count(1)), default=0) > MAX_DEPTH:
        raise DocumentError(
            f"The document is too deep: its JSON is nested over more than {MAX_DEPTH} levels."
        )
    if bare.count(b",") > MAX_VALUES:
        raise too_many_values()


def too_many_values() -> DocumentError:
    """Return what is said of a document with more values than it may have."""
    return DocumentError(f"The document has too many values: it may have {MAX_VALUES:,}.")


def _too_large() -> DocumentError:
    return DocumentError(f"The document is too large: it may have {MAX_BYTES:,} bytes.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise DocumentError(f"The JSON has a duplicate key: {twice[:60]!r} is there twice.")
    return values


def _constant(name: str) -> Any:
    raise DocumentError(f"JSON has no number {name}.")


def _whole(digits: str) -> int:
    return int(_short(digits))


def _float(digits: str) -> float:
    return float(_short(digits))


def _short(digits: str) -> str:
    if len(digits) > MAX_DIGITS:
        raise DocumentError(
            f"The JSON has a number with more than {MAX_DIGITS} digits: {digits[:20]}…"
        )
    return digits
