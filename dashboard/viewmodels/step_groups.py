"""A run's steps as they lie in each other: side by side, in turns, or in a branch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.viewmodels.steps import StepView


@dataclass
class Entry:
    """A step with those inside it, each in the order in which they came.

    `turns` holds those of a loop by the number of their turn, `inside` those of any other step.
    """

    step: StepView
    inside: list["Entry"] = field(default_factory=list)
    turns: dict[int, list["Entry"]] = field(default_factory=dict)


def entries_of(steps: Sequence[StepView]) -> list[Entry]:
    """Return the outermost steps with the others inside them."""
    entries = {step.path: Entry(step) for step in steps}
    outermost: list[Entry] = []
    for path, entry in entries.items():
        place, _, _ = path.rpartition("/")
        parent, _, turn = place.rpartition("#") if _ends_with_turn(place) else (place, "", "")
        around = entries.get(parent)
        if around is None:
            outermost.append(entry)
        elif turn:
            around.turns.setdefault(int(turn), []).append(entry)
        else:
            around.inside.append(entry)
    return outermost


def _ends_with_turn(place: str) -> bool:
    return place.rpartition("#")[2].isdigit() and "#" in place
