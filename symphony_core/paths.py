"""Dotted paths into data whose keys may be dotted too: the longest key wins, the rest walks in."""

import difflib
from collections.abc import Container, Iterable, Mapping
from typing import Any

MISSING: Any = object()

_ODDS = 12  # letters that a slip of the pen may make a name longer or shorter by
_LONGEST = 80
_COMPARED = 300  # comparing takes time, and a document may hold thousands of names


def resolve(path: str, data: Mapping[str, Any], default: Any = None) -> Any:
    """Return the value at a path, or the default; only dicts and lists are walked into."""
    segments = path.split(".")
    for length in range(len(segments), 0, -1):
        key = ".".join(segments[:length])
        if key in data:
            return _walk(data[key], segments[length:], default)
    return default


def leads(path: str, known: Container[str]) -> bool:
    """Tell whether a path begins with one of the known keys."""
    segments = path.split(".")
    return any(".".join(segments[:length]) in known for length in range(1, len(segments) + 1))


def suggestion(path: str, known: Iterable[str]) -> str:
    """Return a sentence with the likeliest path that was meant, or with the names there are."""
    names = sorted(set(known))
    alike = [name for name in names if abs(len(name) - len(path)) <= _ODDS][:_COMPARED]
    near = difflib.get_close_matches(path, alike if len(path) <= _LONGEST else (), n=1, cutoff=0.75)
    if near:
        return f" Did you mean {near[0]!r}?"
    shown = ", ".join(names[:8])
    return f" There is: {shown}{', …' if len(names) > 8 else ''}." if names else ""


def _walk(value: Any, segments: list[str], default: Any) -> Any:
    for segment in segments:
        if isinstance(value, Mapping) and segment in value:
            value = value[segment]
        elif isinstance(value, list | tuple) and _is_index(segment) and int(segment) < len(value):
            value = value[int(segment)]
        else:
            return default
    return value


def _is_index(segment: str) -> bool:
    return segment.isascii() and segment.isdigit() and len(segment) <= 6
