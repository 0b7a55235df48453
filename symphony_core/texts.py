"""Texts from models, tools and people, made fit to be kept."""

import json
from typing import Any

MAX_TEXT = 1_000_000  # characters of one text in a run


def text_of(value: Any) -> str:
    """Return a result as text: a text as it is, lists and objects as JSON."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


def storable(text: str, limit: int = MAX_TEXT) -> str:
    """Return a text that every store can keep.

    Halves of characters become the replacement character. What is over the limit is cut, with a
    mark that says how long the text was.
    """
    if len(text) > limit:
        text = f"{text[:limit]}\n\n[cut here: {len(text):,} characters in all]"
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
