"""Searches the texts that an agent has: its own variables, and the inputs of its run."""

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from symphony_core.errors import ToolError
from symphony_core.tools.functions import FunctionTool

NAME = "search_texts"

MAX_QUERY = 500  # characters
MAX_FOUND = 5
PASSAGE = 1000  # characters at most

_WORD = re.compile(r"\w+")
_PARAGRAPHS = re.compile(r"\n\s*\n")


class _Passage(NamedTuple):
    name: str
    number: int
    of: int
    text: str


def search_tool(texts: Mapping[str, str]) -> FunctionTool:
    """Return the tool over these texts, by their names."""

    def search_texts(query: str, name: str = "") -> str:
        """Search the texts that you were given, and return the passages that fit best.

        Args:
            query: A few words, as they stand in the text.
            name: The one text to search; all of them without it.
        """
        return _search(texts, query, name)

    return FunctionTool(search_texts, name=NAME)


def _search(texts: Mapping[str, str], query: str, name: str) -> str:
    chosen = {name: texts[name]} if name in texts else {} if name else texts
    if not chosen:
        there = f"There is: {', '.join(texts)}." if texts else "None was given."
        raise ToolError(f"There is no text {name!r} to search. {there}".replace(" ''", ""))
    words = {word.casefold() for word in _WORD.findall(query[:MAX_QUERY])}
    passages = [p for title, text in chosen.items() for p in _passages(title, text)]
    found = _best(passages, words)
    if not found:
        return f"Nothing in {', '.join(chosen)} has any of these words. Try others."
    return "\n\n".join(f"[{p.name}, passage {p.number} of {p.of}]\n{p.text}" for p in found)


def _best(passages: list[_Passage], words: set[str]) -> list[_Passage]:
    """Return the passages that have most of the words, the rarer the better, in reading order."""
    folded = [passage.text.casefold() for passage in passages]
    scores = [0.0] * len(passages)
    for word in words:
        having = [at for at, text in enumerate(folded) if word in text]
        for at in having:
            scores[at] += math.log(1 + len(passages) / len(having))
    ranked = sorted((at for at, score in enumerate(scores) if score), key=lambda at: -scores[at])
    return [passages[at] for at in sorted(ranked[:MAX_FOUND])]


def _passages(name: str, text: str) -> list[_Passage]:
    pieces = [
        paragraph[at : at + PASSAGE].strip()
        for paragraph in _PARAGRAPHS.split(text)
        for at in range(0, len(paragraph), PASSAGE)
    ]
    kept = [piece for piece in pieces if piece]
    return [_Passage(name, number, len(kept), piece) for number, piece in enumerate(kept, 1)]
