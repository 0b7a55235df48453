"""How much work something is: its processor time, were the machine as quick as those of today.

A busy or a slow machine takes several times as long for everything, so a limit in plain seconds says
little. Here the same known piece of work is done before and after, and shows how slow it is just now.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 50_000  # numbers
PIECE_TAKES = 0.006  # seconds, on the idle core that the limits were set on


class Effort:
    """What was spent, in seconds; known once it is over."""

    seconds = float("inf")


@contextmanager
def effort() -> Iterator[Effort]:
    """Measure what the block spends."""
    spent = Effort()
    before = _known_piece()
    started = time.process_time()
    yield spent
    seconds = time.process_time() - started
    spent.seconds = seconds * PIECE_TAKES / max(before, _known_piece())


def _known_piece() -> float:
    started = time.process_time()
    values: dict[str, int] = {}
    for number in range(PIECE):
        values[str(number)] = number
    return time.process_time() - started
