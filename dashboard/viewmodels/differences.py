"""What differs between two texts, word by word, as plain data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from dashboard.viewmodels.words import count

SAME, REMOVED, ADDED, FOLDED = "same", "removed", "added", "folded"

MOST_CELLS = 400_000_000  # words times words: a tenth of a second and 50 MB
KEPT = 32  # differences; each holds both of its texts
AROUND = 30  # words left standing on either side of a change
WORTH_FOLDING = 20  # words

# Scripts that put no blanks between words: each of their characters counts as one.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+|\s+|[^\w\s]")
_WORD = re.compile(rf"[{_DENSE}]|[^\s{_DENSE}]+")

Pair = tuple[str, str]  # a part of each text, equal where they are the same


@dataclass(frozen=True)
class Piece:
    """A part of the two texts: in both, only in the one before, or only in the one after."""

    kind: str
    text: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(1 for _ in _WORD.finditer(self.text))


@dataclass(frozen=True)
class Difference:
    """Two texts as pieces; `is_rough` where a part was too long to be compared word by word."""

    pieces: tuple[Piece, ...]
    words_removed: int
    words_added: int
    is_rough: bool = False

    @property
    def is_none(self) -> bool:
        """Whether the texts are the same, blanks included."""
        return all(piece.kind == SAME for piece in self.pieces)

    def summary(self, removed: str = "removed", added: str = "added") -> str:
        """Return how much differs, in words, under the names given to the two kinds of change."""
        if self.is_none:
            return "The texts are the same."
        if not self.words_removed and not self.words_added:
            return "Only blanks and line breaks differ."
        told = f"{count(self.words_removed, 'word')} {removed}, {self.words_added:,} {added}."
        return f"{told} A long part is compared as a whole." if self.is_rough else told


@lru_cache(KEPT)
def difference(before: str, after: str) -> Difference:
    """Return what differs; texts that are too long for words are compared by lines first."""
    pairs, is_rough = _compared(_TOKEN.findall(before), _TOKEN.findall(after))
    if is_rough:
        pairs, is_rough = _by_lines(before, after)
    pieces = tuple(
        Piece(kind, text)
        for old, new in _joined(pairs)
        for kind, text in ([(SAME, old)] if old == new else [(REMOVED, old), (ADDED, new)])
        if text
    )
    removed, added = (
        sum(piece.words for piece in pieces if piece.kind == kind) for kind in (REMOVED, ADDED)
    )
    return Difference(pieces, removed, added, is_rough)


def folded(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with what is far from any change put into pieces of its own."""
    last = len(pieces) - 1
    if last <= 0:
        return list(pieces)
    return [
        part
        for index, piece in enumerate(pieces)
        for part in (
            _folded(piece, keep_start=index > 0, keep_end=index < last)
            if piece.kind == SAME
            else [piece]
        )
    ]


def cut_off(pieces: Sequence[Piece], most: int) -> list[Piece]:
    """Return the pieces up to so many characters; what is folded counts for nothing."""
    kept = []
    for piece in pieces:
        if piece.kind == FOLDED:
            kept.append(piece)
        elif most > 0:
            kept.append(Piece(piece.kind, piece.text[:most]))
            most -= len(piece.text)
    return kept


def _compared(before: Sequence[str], after: Sequence[str]) -> tuple[list[Pair], bool]:
    """Return the parts in order, and whether what differs was too long to be compared."""
    start = _same_at_start(before, after)
    end = _same_at_start(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    head, tail = "".join(before[:start]), "".join(before[len(before) - end :])
    if len(old) * len(new) > MOST_CELLS:
        return [(head, head), ("".join(old), "".join(new)), (tail, tail)], True
    numbers: dict[str, int] = {}  # the library compares hashes; those of small numbers are exact
    opcodes = Indel.opcodes(
        [numbers.setdefault(token, len(numbers)) for token in old],
        [numbers.setdefault(token, len(numbers)) for token in new],
    )
    middle = [
        ("".join(old[op.src_start : op.src_end]), "".join(new[op.dest_start : op.dest_end]))
        for op in opcodes
    ]
    return [(head, head), *middle, (tail, tail)], False


def _same_at_start(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = zip(before, after, strict=False)
    most = min(len(before), len(after))
    return next((index for index, (old, new) in enumerate(pairs) if old != new), most)


def _by_lines(before: str, after: str) -> tuple[list[Pair], bool]:
    """Compare by lines, and what differs in them by words where that is short enough."""
    lines, _ = _compared(before.splitlines(keepends=True), after.splitlines(keepends=True))
    pairs: list[Pair] = []
    is_rough = False
    for old, new in _joined(lines):
        if old == new:
            pairs.append((old, new))
            continue
        inside, is_too_long = _compared(_TOKEN.findall(old), _TOKEN.findall(new))
        pairs += inside
        is_rough = is_rough or is_too_long
    return pairs, is_rough


def _joined(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs with neighbours that differ made one.

    A single word that stayed between two changes counts as changed: it would only break them up.
    """
    joined: list[Pair] = []
    for old, new in pairs:
        if not old and not new:
            continue
        before_last, last = ([("", ""), ("", "")] + joined)[-2:]
        if old != new and last[0] != last[1]:
            joined[-1] = (last[0] + old, last[1] + new)
        elif old != new and before_last[0] != before_last[1] and _is_slight(last[0]):
            kept = last[0]
            joined[-2:] = [(before_last[0] + kept + old, before_last[1] + kept + new)]
        else:
            joined.append((old, new))
    return joined


def _is_slight(text: str) -> bool:
    return len(text) < 40 and "\n" not in text and len(_WORD.findall(text)) <= 1


def _folded(piece: Piece, *, keep_start: bool, keep_end: bool) -> list[Piece]:
    words = list(_WORD.finditer(piece.text))
    kept = AROUND * (keep_start + keep_end)
    if len(words) - kept < WORTH_FOLDING:
        return [piece]
    start = words[AROUND - 1].end() if keep_start else 0
    end = words[-AROUND].start() if keep_end else len(piece.text)
    parts = [
        Piece(SAME, piece.text[:start]),
        Piece(FOLDED, piece.text[start:end]),
        Piece(SAME, piece.text[end:]),
    ]
    return [part for part in parts if part.text]
