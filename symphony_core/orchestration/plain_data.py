"""Values as JSON keeps them: what steps may leave, and runs may be given."""

import json
import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

from symphony_core.errors import StepFailed
from symphony_core.outcomes import describe
from symphony_core.texts import MAX_TEXT, storable

MAX_DEPTH = 100  # of lists and dicts: readers of JSON stop at 200, and results lie in others

_HALF_CHARACTERS = re.compile(r"\\ud[89a-f]")


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them, so that a resumed run sees what this one saw.

    Raises:
        StepFailed: one of them cannot be kept as JSON, or not be read again.
    """
    if not values:
        return {}
    try:
        given = dict(values)
        if all(type(key) is str is type(value) for key, value in given.items()):  # nearly always
            return {storable(key): storable(value) for key, value in given.items()}
        text = json.dumps(given, allow_nan=False)
        loaded: dict[str, Any] = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise StepFailed(
            f"It left a value that is not plain data ({describe(error)}). Results are texts, "
            "finite numbers, true, false, lists and dicts."
        ) from None
    if _depth(given) > MAX_DEPTH:
        raise StepFailed(
            f"It left a value with lists or dicts in each other over more than {MAX_DEPTH} levels, "
            "which could not be read again. Leave it flatter, or as text."
        )
    if len(text) > MAX_TEXT or _HALF_CHARACTERS.search(text):
        loaded = _with_storable_texts(loaded)
    return loaded


def _depth(values: dict[str, Any]) -> int:
    layer: list[Any] = [values]
    depth = 0
    while layer:
        depth += 1
        inner = chain.from_iterable(v.values() if isinstance(v, dict) else v for v in layer)
        layer = [value for value in inner if isinstance(value, dict | list | tuple)]
    return depth


def _with_storable_texts(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_with_storable_texts(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): _with_storable_texts(item) for key, item in value.items()}
    return value
