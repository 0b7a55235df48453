"""A run's timeline as shares of its width, for a page that draws it without a library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.theme import Look
from dashboard.viewmodels.timeline import Bar, figure_data
from dashboard.viewmodels.words import duration

NARROWEST = 0.5  # percent: a bar that took no time is seen too
MOST_TICKS = 6
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)


@dataclass(frozen=True)
class Segment:
    """A bar within its lane, in percent of the width; `words` say what it shows."""

    left: float
    width: float
    colour: str
    is_live: bool
    words: str


@dataclass(frozen=True)
class Lane:
    """A step with all its attempts and turns."""

    label: str
    segments: tuple[Segment, ...]
    took: str


@dataclass(frozen=True)
class Tick:
    """A line across all lanes, in percent of the width."""

    left: float
    label: str


@dataclass(frozen=True)
class Lanes:
    """The lanes from the top, and the ticks from the left."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]


def lanes_of(bars: Sequence[Bar], looks: Mapping[str, Look], now: datetime) -> Lanes:
    """Return the bars as lanes."""
    if not bars:
        return Lanes((), ())
    words = {status: look.word for status, look in looks.items()}
    colours = {status: look.colour for status, look in looks.items()}
    data = figure_data(bars, words, colours, now)
    whole = max(bar["from"] + bar["seconds"] for bar in data["bars"])
    lanes = []
    for number, label in enumerate(data["lanes"]):
        mine = [bar for bar in data["bars"] if bar["lane"] == number]
        segments = tuple(
            Segment(
                left=round(min(100 * bar["from"] / whole, 100 - NARROWEST), 2),
                width=round(max(100 * bar["seconds"] / whole, NARROWEST), 2),
                colour=bar["colour"],
                is_live=bar["live"],
                words=f"{bar['hover']}, {bar['length']}",
            )
            for bar in mine
        )
        lanes.append(Lane(label, segments, duration(sum(bar["seconds"] for bar in mine))))
    return Lanes(tuple(lanes), _ticks(whole))


def _ticks(whole: float) -> tuple[Tick, ...]:
    step = next((step for step in STEPS if whole / step <= MOST_TICKS), None)
    if step is None:  # longer than six hours: hours that are a multiple of those
        step = 3600 * -(-whole // (3600 * MOST_TICKS))
    moments = [number * step for number in range(int(whole / step) + 1)]
    return tuple(Tick(round(100 * moment / whole, 2), _moment(moment)) for moment in moments)


def _moment(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else duration(seconds)
