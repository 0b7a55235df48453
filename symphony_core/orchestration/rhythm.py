"""How a step's text grew, in few enough pairs to be stored with it again and again."""

import time
from datetime import datetime

from symphony_core.ids import utc_now

MOST_PAIRS = 100


class Rhythm:
    """Pairs of milliseconds since an attempt's start and characters written by then.

    They are evenly spread: when there are too many, every second one goes, and from then on they
    are noted half as often.
    """

    def __init__(self, started_at: datetime) -> None:
        # The clock on the wall may be set while the text grows, so it is read only once.
        self._zero = time.monotonic() - max((utc_now() - started_at).total_seconds(), 0.0)
        self._pause_ms = 0
        self._pairs: list[tuple[int, int]] = []

    def note(self, characters: int) -> list[tuple[int, int]]:
        """Note how long the text is now, and return all pairs."""
        now = round((time.monotonic() - self._zero) * 1000)
        if not self._pairs or now - self._pairs[-1][0] >= self._pause_ms:
            self._add(now, characters)
        return self._pairs

    def end(self, characters: int) -> list[tuple[int, int]]:
        """Note the whole text, which may be shorter than what was written, and return all pairs."""
        self._pairs = [(at, min(written, characters)) for at, written in self._pairs]
        self._add(round((time.monotonic() - self._zero) * 1000), characters)
        return self._pairs

    def _add(self, now: int, characters: int) -> None:
        if len(self._pairs) == MOST_PAIRS:
            self._pairs = self._pairs[1::2]
            self._pause_ms = (now - self._pairs[0][0]) // len(self._pairs)
        self._pairs.append((now, characters))
