"""Writes values as Python expressions, laid out as a formatter for lines of 100 would.

A text becomes a literal here and nowhere else, so no text can end its literal and become code.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from symphony_core.io.plain import escape

WIDTH = 100

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\r": "\\r"}
_WORD = re.compile(r"\S*\s+|\S+")
_LAST_BLANK = re.compile(r" (?=\n|$)")


@dataclass(frozen=True)
class Name:
    """What stands in the code as it is: a name that is defined or imported there."""

    text: str

    def attribute(self, name: str) -> "Name":
        """Return something that belongs to it."""
        return Name(f"{self.text}.{name}")


@dataclass(frozen=True)
class Call:
    """A call with keywords; what has an empty one is given by its place."""

    function: str
    arguments: Mapping[str, Any]


def expression(value: Any, indent: str = "", before: int = 0, after: int = 1) -> str:
    """Return a value as code, over several lines where it does not fit on one.

    Args:
        value: Plain data, tuples, names and calls.
        indent: What the line begins with.
        before: How wide the line is already, its indent apart.
        after: How much is still to come on the line.
    """
    flat = _flat(value, WIDTH - len(indent) - before - after)
    if flat is not None:
        return flat
    if isinstance(value, str):
        return _wrapped(value, indent) or literal(value)
    parts = _parts(value)
    if parts is None or not parts[1]:
        return "".join(_tokens(value))
    opening, items, closing = parts
    deeper = indent + "    "
    lines = [f"{deeper}{head}{expression(item, deeper, _width(head))},\n" for head, item in items]
    return f"{opening}\n{''.join(lines)}{indent}{closing}"


def literal(text: str) -> str:
    """Return a text as a literal on one line, in the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(map(_character, text)).replace("\n", "\\n").replace(quote, f"\\{quote}")
    return f"{quote}{body}{quote}"


def block(text: str) -> str:
    """Return a text as a literal over its own lines, which begin below the quotes."""
    start = text.rstrip('"')
    body = "".join(map(_character, start)).replace('"""', '\\"\\"\\"')
    body = _LAST_BLANK.sub(r"\\x20", body) + '\\"' * (len(text) - len(start))
    return f'"""\\\n{body}"""'


def _flat(value: Any, room: int) -> str | None:
    """Return a value as code on one line, or None if it is wider than there is room."""
    flat = ""
    for token in _tokens(value):
        flat += token
        if len(flat) > room:
            return None
    return flat if _width(flat) <= room else None


def _tokens(value: Any) -> Iterator[str]:
    """Yield a value's code on one line, piece by piece; of a long text only what shows that."""
    if isinstance(value, str):
        yield literal(value[: WIDTH + 1])
    elif isinstance(value, Name):
        yield value.text
    elif (parts := _parts(value)) is None:
        yield repr(value).replace("e+", "e")
    else:
        opening, items, closing = parts
        yield opening
        for number, (head, item) in enumerate(items):
            yield f", {head}" if number else head
            yield from _tokens(item)
        yield f",{closing}" if isinstance(value, tuple) and len(value) == 1 else closing


def _parts(value: Any) -> tuple[str, list[tuple[str, Any]], str] | None:
    """Return how a value opens, its items with what stands before each, and how it closes."""
    if isinstance(value, Call):
        return f"{value.function}(", _named(value.arguments), ")"
    if isinstance(value, dict):
        return "{", [(f"{literal(key)}: ", item) for key, item in value.items()], "}"
    if isinstance(value, list):
        return "[", _unnamed(value), "]"
    return ("(", _unnamed(value), ")") if isinstance(value, tuple) else None


def _named(arguments: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(f"{name}=" if name else "", value) for name, value in arguments.items()]


def _unnamed(items: Iterable[Any]) -> list[tuple[str, Any]]:
    return [("", item) for item in items]


def _wrapped(text: str, indent: str) -> str | None:
    """Return a long text as pieces in brackets, or None if it cannot be divided."""
    room = WIDTH - len(indent) - 4
    if _width(literal(text)) <= room:
        pieces = [text]
    else:
        pieces = []
        for word in _WORD.findall(text):
            if pieces and _width(literal(pieces[-1] + word)) <= room:
                pieces[-1] += word
            else:
                pieces.append(word)
        if len(pieces) < 2:
            return None
    lines = [f"{indent}    {literal(piece)}\n" for piece in pieces]
    return f"(\n{''.join(lines)}{indent})"


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() or character == "\n" else escape(character)


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
