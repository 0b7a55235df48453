"""Reads YAML 1.2 that somebody else has written: plain values only, counted while they are read.

The parser gives events; what they mean is decided here. So `no` and `on` are texts as YAML 1.2
has it, no tag makes anything, and a value that is repeated by its anchor counts each time.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import yaml

from symphony_core.errors import DocumentError
from symphony_core.io.json_text import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_VALUES,
    decode,
    too_many_values,
)

_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_PLAIN: list[tuple[re.Pattern[str], Callable[[str], Any]]] = [  # YAML 1.2's core schema
    (re.compile(r"null|Null|NULL|~|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text, 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)"), lambda text: float(text.replace(".", ""))),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda _: float("nan")),
]
_MAYBE_NO_TEXT = re.compile(r"[-+.0-9nNtTfF~]|$")  # the first characters of all the above


def parse_yaml(document: str | bytes) -> Any:
    """Return a document's values.

    Raises:
        DocumentError: it is too large or too deep, no UTF-8 or no YAML, or it has too many values,
            a key twice, a tag, or a number that is far too long.
    """
    text = decode(document)
    try:
        return _Reader(text).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise DocumentError(f"The document is not YAML: {error.problem}{place}.") from None
    except yaml.reader.ReaderError as error:
        raise DocumentError(f"The document is not YAML: {error.reason}.") from None


class _Reader:
    """Makes values out of events, which it keeps for the anchors among them."""

    def __init__(self, text: str) -> None:
        self._seen: list[Any] = []
        self._parsed = self._noted(text)
        self._anchors: dict[str, tuple[int, int]] = {}
        self._values = self._characters = 0

    def read(self) -> Any:
        """Return the value of the only document there is."""
        next(self._parsed)
        if isinstance(next(self._parsed), yaml.StreamEndEvent):
            raise DocumentError("The document is empty, and so it is no YAML.")
        value = self._value(next(self._parsed), self._parsed, 0)
        next(self._parsed)
        after = next(self._parsed)
        if not isinstance(after, yaml.StreamEndEvent):
            _refuse(after, "holds more than one document")
        return value

    def _noted(self, text: str) -> Iterator[Any]:
        for event in yaml.parse(text, Loader=_PARSER):
            self._seen.append(event)
            yield event

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._repeated(event, depth)
        if event.tag is not None:
            _refuse(event, f"has the tag {event.tag[:60]!r}, but values are plain")
        start = len(self._seen) - 1
        self._count(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(events, depth + 1)
        else:
            value = self._object(events, depth + 1)
        if event.anchor is not None and events is self._parsed:
            if event.anchor in self._anchors:
                _refuse(event, f"has the anchor {event.anchor[:60]!r} twice")
            self._anchors[event.anchor] = start, len(self._seen)
        return value

    def _repeated(self, event: Any, depth: int) -> Any:
        if event.anchor not in self._anchors:
            _refuse(event, f"repeats {event.anchor[:60]!r}, but no value before has that anchor")
        start, end = self._anchors[event.anchor]
        events = iter(self._seen[start:end])
        return self._value(next(events), events, depth)

    def _list(self, events: Iterator[Any], depth: int) -> list[Any]:
        values = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(self._value(event, events, depth))
        return values

    def _object(self, events: Iterator[Any], depth: int) -> dict[Any, Any]:
        values: dict[Any, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._value(event, events, depth)
            self._values -= 1  # as in JSON, a key is no value
            if isinstance(key, list | dict):
                _refuse(event, "has a key that is no text")
            if key in values:
                _refuse(event, f"has a duplicate key: {key!r:.60} is there twice")
            values[key] = self._value(next(events), events, depth)
        return values

    def _count(self, event: Any, depth: int) -> None:
        is_leaf = isinstance(event, yaml.ScalarEvent)
        self._values += 1
        self._characters += len(event.value) if is_leaf else 0
        if self._values > MAX_VALUES:
            raise too_many_values()
        if self._characters > MAX_BYTES:
            raise DocumentError("The document is too large with all that its anchors repeat.")
        if depth + (not is_leaf) > MAX_DEPTH:
            raise DocumentError(
                f"The document is too deep: its YAML is nested over more than {MAX_DEPTH} levels."
            )


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style not in (None, "") or not _MAYBE_NO_TEXT.match(text):
        return text
    make = next((make for pattern, make in _PLAIN if pattern.fullmatch(text)), None)
    if make is not None and len(text) > MAX_DIGITS:
        _refuse(event, f"has a number with more than {MAX_DIGITS} digits: {text[:20]}…")
    return text if make is None else make(text)


def _refuse(event: Any, problem: str) -> NoReturn:
    raise DocumentError(f"The YAML {problem} (line {event.start_mark.line + 1}).")
