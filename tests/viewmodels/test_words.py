"""Numbers and moments as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.viewmodels.words import ago, count, cut, duration, money, tokens

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_lengths_of_time(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "just now"),
        (50, "1 min ago"),
        (3000, "50 min ago"),
        (7200, "2 h ago"),
        (90_000, "yesterday"),
        (400_000, "24 Feb 2026"),
    ],
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("cost", "words"), [(None, "unknown"), (0.0, "free"), (0.00123, "$0.0012"), (1.2, "$1.20")]
)
def test_money(cost: float | None, words: str) -> None:
    assert money(cost) == words


def test_counts_and_cuts() -> None:
    assert [tokens(0, 0), tokens(1, 1200)] == ["", "1 token in, 1,200 out"]
    assert [count(n, "step") for n in (0, 1, 1200)] == ["0 steps", "1 step", "1,200 steps"]
    assert cut("a\n b   c", 10) == "a b c"
    assert cut("one two three", 8) == "one two…"
