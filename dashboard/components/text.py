"""Text as text: what a person, a model or a document wrote never becomes Markdown."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=^])")


def literal(text: str) -> str:
    """Return Markdown that shows a text as it is, line breaks included."""
    escaped = _MARKS.sub(r"\\\1", text)
    return escaped.replace("\n", "  \n")
