"""Numbers, moments and values as people read them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any


def duration(seconds: float | None) -> str:
    """Return a length of time: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`."""
    if seconds is None:
        return "–"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was: `just now`, `5 min ago`, `yesterday`, else the date."""
    seconds = (now - moment).total_seconds()
    if seconds < 45:
        return "just now"
    if seconds < 3600:
        return f"{max(1, round(seconds / 60))} min ago"
    if seconds < 86_400:
        return f"{round(seconds / 3600)} h ago"
    return "yesterday" if seconds < 172_800 else f"{moment:%d %b %Y}"


def money(cost: float | None) -> str:
    """Return US dollars: `free`, `$0.0042`, `$1.20`, or `unknown` where a price is not known."""
    if cost is None:
        return "unknown"
    if cost == 0:
        return "free"
    return f"${cost:.4f}" if cost < 0.1 else f"${cost:.2f}"


def tokens(tokens_in: int, tokens_out: int) -> str:
    """Return what a model read and wrote: `9 tokens in, 30 out`; nothing where it did neither."""
    if not tokens_in and not tokens_out:
        return ""
    return f"{count(tokens_in, 'token')} in, {tokens_out:,} out"


def file_size(size: int) -> str:
    """Return a number of bytes: `12 kB`, `3.4 MB`, `1.2 GB`."""
    if size < 999_500:
        return f"{max(1, round(size / 1e3))} kB"
    return f"{size / 1e6:.1f} MB" if size < 999_950_000 else f"{size / 1e9:.1f} GB"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 step`, `3 steps`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def as_text(value: Any) -> str:
    """Return an input's or an event's value as it can be read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def cut(text: str, length: int) -> str:
    """Return a text on one line, shortened with an ellipsis to at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence has them: `a`, `a and b`, `a, b and c`."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} and {last}" if most else last
