"""Where in a document something stands, so that an error can say it."""

from dataclasses import dataclass, field
from typing import NoReturn

from symphony_core.errors import DocumentError
from symphony_core.orchestration.step import MAX_LEVELS, MAX_STEPS

MAX_REFERENCES = 10_000

_SHOWN = 60


@dataclass
class Tally:
    """What was found so far in one document: steps, their ids, and references."""

    steps: int = 0
    references: int = 0
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A way into a document; items of lists count from 1, and a step is named besides."""

    document: str
    path: tuple[str, ...] = ()
    step: str = ""
    level: int = 0
    tally: Tally = field(default_factory=Tally)

    def at(self, *names: object) -> "Place":
        """Return the place further in."""
        path = (*self.path, *map(str, names))
        return Place(self.document, path, self.step, self.level, self.tally)

    def in_step(self, name: object) -> "Place":
        """Return this place as one more step, within the limits.

        Raises:
            DocumentError: there are too many steps, or they lie too deep in each other.
        """
        self.tally.steps += 1
        if self.tally.steps > MAX_STEPS:
            raise DocumentError(f"The workflow has too many steps: it may have {MAX_STEPS}.")
        if self.level == MAX_LEVELS:
            self.refuse(f"is too deep: steps may be nested over {MAX_LEVELS} levels")
        known = name if isinstance(name, str) and name else self.step
        return Place(self.document, self.path, known, self.level + 1, self.tally)

    def count_references(self, number: int) -> None:
        """Note references found here.

        Raises:
            DocumentError: with them the document has too many.
        """
        self.tally.references += number
        if self.tally.references > MAX_REFERENCES:
            raise DocumentError(
                f"The {self.document} has too many references: it may have {MAX_REFERENCES:,}."
            )

    def refuse(self, problem: str, more: str = "") -> NoReturn:
        """Raise the sentence that says what is wrong here."""
        raise DocumentError(f"{self} {problem}.{more}")

    def complain(self, sentence: str) -> NoReturn:
        """Raise what somebody else has said is wrong here."""
        raise DocumentError(f"{self}: {sentence}")

    def __str__(self) -> str:
        if not self.path:
            return f"The {self.document}"
        where = ".".join(_shown(name) for name in self.path)
        where = where if len(where) <= 2 * _SHOWN else f"{where[:_SHOWN]}…{where[-_SHOWN:]}"
        return f"{where} (step '{_shown(self.step)}')" if self.step else where


def _shown(text: str) -> str:
    return repr(text[:_SHOWN])[1:-1] + ("…" if len(text) > _SHOWN else "")
