"""Writes plain data as YAML for people: one field a line, and texts of several lines as they are.

Whatever another reader of YAML could take for something else than a text is in quotes.
"""

import re
from collections.abc import Iterator
from typing import Any

from symphony_core.io.plain import escape

_MARKS = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_JOINER = "\u200d"  # within many emoji
_NO_TEXT = re.compile(r"(y|n|yes|no|on|off|true|false|null|nan|inf)", re.IGNORECASE)
_NOT_PLAIN = re.compile(r": | #|[: ]$")
_LONGEST_KEY = 1000  # characters that a parser looks ahead


def write_yaml(data: dict[str, Any]) -> str:
    """Return an object as YAML that `parse_yaml` reads as the same."""
    return "\n".join(_object(data, "")) + "\n"


def _object(values: dict[str, Any], pad: str) -> Iterator[str]:
    for name, value in values.items():
        key = _line(name)
        head = f"{pad}{key}:"
        if len(key) > _LONGEST_KEY:
            yield f"{pad}? {key}"
            head = f"{pad}:"
        if isinstance(value, list | dict) and value:
            yield head
            yield from _inside(value, pad + "  ")
        else:
            yield from _leaf(f"{head} ", value, pad + "  ")


def _list(values: list[Any], pad: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, list | dict) and value:
            first, *rest = _inside(value, pad + "  ")
            yield f"{pad}- {first.removeprefix(pad + '  ')}"
            yield from rest
        else:
            yield from _leaf(f"{pad}- ", value, pad + "  ")


def _inside(value: Any, pad: str) -> Iterator[str]:
    return _object(value, pad) if isinstance(value, dict) else _list(value, pad)


def _leaf(head: str, value: Any, pad: str) -> Iterator[str]:
    if not isinstance(value, str) or not _has_lines(value):
        yield head + _line(value)
        return
    *lines, last = value.split("\n")
    end = "-" if last else "+" if not lines[-1] else ""
    indent = "2" if value[0] in " \t\n" else ""
    yield f"{head}|{indent}{end}"
    for line in [*lines, last] if last else lines:
        yield pad + line if line else ""


def _has_lines(text: str) -> bool:
    """Tell whether a text has several lines, all of which can be seen as they are."""
    shown = all(c.isprintable() or c in f"\n\t{_JOINER}" for c in text)
    return "\n" in text and shown and bool(text.strip())


def _line(value: Any) -> str:
    if isinstance(value, str):
        return value if _is_plain(value) else f'"{"".join(map(_character, value))}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        number = repr(value)
        return number if "." in number else number.replace("e", ".0e")
    return str(value) if isinstance(value, int) else "[]" if isinstance(value, list) else "{}"


def _is_plain(text: str) -> bool:
    starts_well = text[:1].isalpha() and text.isprintable()
    return starts_well and not _NO_TEXT.fullmatch(text) and not _NOT_PLAIN.search(text)


def _character(character: str) -> str:
    if character in _MARKS:
        return _MARKS[character]
    if character.isprintable() or character == _JOINER:
        return character
    return escape(character)
