"""Prompt templates: every `{{dotted.path}}` is filled in one pass; all else is plain text.

A value is never looked at again once it stands in the text, so what a model has written cannot
refer to anything.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from symphony_core.errors import TemplateError
from symphony_core.paths import MISSING, leads, resolve, suggestion

MAX_TEMPLATE = 2_000_000  # characters
MAX_REFERENCES = 10_000
MAX_TEXT = 20_000_000  # characters of the filled text
MAX_PATH = 300

_INPUT = r"(?!step$)[A-Za-z_][A-Za-z0-9_-]*"
_OF_A_STEP = r"step\.[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)+"
_PATH = re.compile(f"{_INPUT}|{_OF_A_STEP}")
_SHOWN = 60


def find(template: str) -> list[str]:
    """Return the paths that a template refers to, in its order.

    Raises:
        TemplateError: something between `{{` and `}}` is no path, or one of the two is missing.
    """
    return split(template)[1::2]


def check(template: str, known: Collection[str] | None = None) -> None:
    """Check that a template can be read, and refers only to what is known.

    `known` holds names such as `topic` and keys such as `step.draft`; a path may go on from there.

    Raises:
        TemplateError: it cannot be read, or a path leads nowhere.
    """
    paths = find(template)
    if known is None:
        return
    for path in paths:
        if not leads(path, known):
            raise TemplateError(_unknown(path, known))


def render(template: str, data: Mapping[str, Any]) -> str:
    """Return the template with every path's value in its place.

    Texts stand as they are, numbers as usual, true and false as yes and no, lists and dicts as JSON.

    Raises:
        TemplateError: the template cannot be read, a path has no value, or the text is too long.
    """
    parts = split(template)
    length = sum(map(len, parts[::2]))
    for index in range(1, len(parts), 2):
        parts[index] = _text(parts[index], data)
        length += len(parts[index])
        if length > MAX_TEXT:
            raise TemplateError(f"The filled text is longer than {MAX_TEXT:,} characters.")
    return "".join(parts)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in plain data; names of fields are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def split(template: str) -> list[str]:
    """Return plain texts and paths in turn, a plain text first and last.

    Raises:
        TemplateError: as `find`.
    """
    if len(template) > MAX_TEMPLATE:
        raise TemplateError(f"The template is longer than {MAX_TEMPLATE:,} characters.")
    parts: list[str] = []
    at = 0
    while (start := template.find("{{", at)) >= 0:
        end = template.find("}}", start + 2)
        if end < 0:
            raise TemplateError(
                f"{template[start : start + _SHOWN]!r} is unclosed: '}}}}' is missing."
            )
        parts += [template[at:start], _path(template[start + 2 : end])]
        at = end + 2
        if len(parts) > 2 * MAX_REFERENCES:
            raise TemplateError(f"The template has more than {MAX_REFERENCES:,} references.")
    return [*parts, template[at:]]


def _path(text: str) -> str:
    path = text.strip(" \t\r\n") if len(text) <= MAX_PATH else text
    if len(path) > MAX_PATH or not _PATH.fullmatch(path):
        raise TemplateError(
            f"{{{{{text[:_SHOWN]}}}}} is no reference. Between the braces stands a name such as "
            "topic, or a step's value such as step.draft.result."
        )
    return path


def _text(path: str, data: Mapping[str, Any]) -> str:
    value = resolve(path, data, MISSING)
    if value is MISSING:
        raise TemplateError(_unknown(path, data))
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float | list | tuple | dict | None):
        raise TemplateError(f"{{{{{path}}}}} is not a text: go on to one of its values.")
    return json.dumps(value, ensure_ascii=False)


def _unknown(path: str, known: Collection[str]) -> str:
    return f"{{{{{path}}}}} refers to nothing that is there by then.{suggestion(path, known)}"
