"""A replay's time: a run's own, with the stretches shortened in which nobody works."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.viewmodels.words import duration

LONG_SECONDS = 8.0  # a stretch without work that is longer is shortened
SHORT_SECONDS = 3.0  # to this


@dataclass(frozen=True)
class Cut:
    """A stretch of a run, in its own seconds, of which a replay plays only a few."""

    start: float
    end: float

    @property
    def saved(self) -> float:
        """How many seconds are left out."""
        return self.end - self.start - SHORT_SECONDS

    @property
    def words(self) -> str:
        """What is said meanwhile."""
        return f"{duration(self.end - self.start)} later"


class Clock:
    """Tells when a moment of the run is played; `work` are the spans in which somebody works."""

    def __init__(self, work: Iterable[tuple[float, float]], seconds: float) -> None:
        self.cuts = _cuts(work, seconds)
        self.seconds = self.played(seconds)

    def played(self, moment: float) -> float:
        """Return the replay's second for a second of the run."""
        left_out = sum(
            cut.saved * min(max(moment - cut.start, 0.0) / (cut.end - cut.start), 1.0)
            for cut in self.cuts
        )
        return round(max(moment - left_out, 0.0), 3)

    def cut_in(self, start: float, end: float) -> Cut | None:
        """Return the last stretch left out that overlaps a span of the run."""
        return next((c for c in reversed(self.cuts) if c.start < end and c.end > start), None)


def _cuts(work: Iterable[tuple[float, float]], seconds: float) -> list[Cut]:
    cuts, done = [], 0.0
    for start, end in [*sorted(work), (seconds, seconds)]:
        if start - done > LONG_SECONDS:
            cuts.append(Cut(done, start))
        done = max(done, end)
    return cuts
