"""Values as JSON keeps them: what steps may leave, and runs may be given."""

import json
import re
from collections.abc import Mapping
from typing import Any

from symphony_core.errors import StepFailed
from symphony_core.outcomes import describe
from symphony_core.texts import MAX_TEXT, storable

_HALF_CHARACTERS = re.compile(r"\\ud[89a-f]")


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them, so that a resumed run sees what this one saw.

    Raises:
        StepFailed: one of them cannot be kept as JSON.
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
    if len(text) > MAX_TEXT or _HALF_CHARACTERS.search(text):
        loaded = _with_storable_texts(loaded)
    return loaded


def _with_storable_texts(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_with_storable_texts(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): _with_storable_texts(item) for key, item in value.items()}
    return value
