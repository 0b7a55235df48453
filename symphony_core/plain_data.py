"""Values as JSON keeps them: what steps may leave, models may answer, and runs may be given."""

import json
import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

from symphony_core.texts import MAX_TEXT, storable

MAX_DEPTH = 100  # of lists and dicts: readers of JSON stop at 200, and results lie in others

_HALF_CHARACTERS = re.compile(r"\\ud[89a-f]")


def kept(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return a value as it comes back from a store, its texts made fit for one.

    Raises:
        ValueError: it cannot be kept as JSON, or not be read again; the message says why.
    """
    try:
        text = json.dumps(value, allow_nan=False)
        loaded = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if _depth(loaded) > depth:
        raise ValueError(f"lists or dicts lie in each other over more than {depth} levels")
    if len(text) > MAX_TEXT or _HALF_CHARACTERS.search(text):
        return _with_storable_texts(loaded)
    return loaded


def kept_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by their names as they come back from a store.

    Raises:
        ValueError: one of them cannot be kept, as with `kept`.
    """
    if all(type(key) is str is type(value) for key, value in values.items()):  # nearly always
        return {storable(key): storable(value) for key, value in values.items()}
    found: dict[str, Any] = kept(dict(values))
    return found


def _depth(value: Any) -> int:
    layer = [value]
    depth = 0
    while layer := [each for each in layer if isinstance(each, dict | list)]:
        depth += 1
        layer = [*chain.from_iterable(e.values() if isinstance(e, dict) else e for e in layer)]
    return depth


def _with_storable_texts(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_with_storable_texts(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): _with_storable_texts(item) for key, item in value.items()}
    return value
