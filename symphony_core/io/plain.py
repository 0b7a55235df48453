"""What every value of a document must be: plain data that any store keeps as it is."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

MAX_TEXT = 100_000  # bytes
MAX_NAME = 200  # characters
MAX_WHOLE = 2**63 - 1

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class Trouble:
    """The first value that is not plain: the way to it, and what is wrong with it."""

    problem: str
    path: list[str] = field(default_factory=list)


def find_trouble(value: Any) -> Trouble | None:
    """Return the first value that is no plain data; its depth must be bounded already."""
    if isinstance(value, dict):
        for key in value:
            if not _is_simple(key) and (problem := _problem_of_key(key)):
                return Trouble(problem)
        return _find_inside(value.items())
    if isinstance(value, list):
        return _find_inside(enumerate(value, 1))
    problem = _problem(value)
    return Trouble(problem) if problem else None


def text_problem(text: str) -> str | None:
    """Return what is wrong with a text wherever it stands, or None."""
    if found := _CONTROL.search(text):
        return f"has a control character, {found.group()!r}"
    if len(text) > MAX_TEXT or len(text.encode()) > MAX_TEXT:
        return f"is too long: a text may have {MAX_TEXT:,} bytes"
    return None


def kind(value: Any) -> str:
    """Return what a value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value:.15g}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}{'…' if len(value) > 40 else ''}"
    return "a list" if isinstance(value, list) else "an object"


def escape(character: str) -> str:
    """Return a character by its number, as both YAML and Python write it within a text."""
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _find_inside(items: Iterable[tuple[object, Any]]) -> Trouble | None:
    for name, inner in items:
        if inner is None or inner is True or inner is False:
            continue
        if (trouble := find_trouble(inner)) is not None:
            trouble.path.insert(0, str(name))
            return trouble
    return None


def _problem(value: Any) -> str | None:
    if isinstance(value, str):
        return text_problem(value)
    if isinstance(value, float):
        return None if math.isfinite(value) else "must be a finite number"
    if isinstance(value, int):
        return None if abs(value) <= MAX_WHOLE else "is a number too large for JSON to carry"
    return None if value is None else f"is a {type(value).__name__}, which JSON does not have"


def _is_simple(key: Any) -> bool:
    return isinstance(key, str) and len(key) <= MAX_NAME and key.isprintable()


def _problem_of_key(key: Any) -> str | None:
    if not isinstance(key, str):
        return f"has a key that is no text, {key!r:.40}"
    if len(key) > MAX_NAME:
        return f"has a key that is too long: {key[:40]!r}… has more than {MAX_NAME} characters"
    if _CONTROL.search(key):
        return f"has a key with a control character, {key!r:.60}"
    return None
