"""Where a new step can go, as seen from the step that is chosen, in words."""

from dataclasses import dataclass, replace

from dashboard.viewmodels.editing import place_of, step_of
from dashboard.viewmodels.places import Place
from dashboard.viewmodels.words import cut
from symphony_core.io.editable import Document, lanes_of

LONGEST_NAME = 40
LANES = {"if_branch": "Under Yes of", "else_branch": "Under No of", "steps": "Into"}


@dataclass(frozen=True)
class Spot:
    """A place, and what it is called."""

    words: str
    place: Place


def spots(document: Document, chosen: str | None) -> list[Spot]:
    """Return the places around a step, the likeliest first; without one, the workflow's ends."""
    count = len(document.get("steps") or ())
    last = Spot("At the end", Place(None, "steps", count))
    step = step_of(document, chosen)
    place = place_of(document, chosen) if chosen else None
    if step is None or place is None:
        return [last, Spot("At the start", Place(None, "steps", 0))] if count else [last]
    name = cut(str(step.get("name") or chosen), LONGEST_NAME)
    inside = [
        Spot(f"{LANES[lane]} {name}", Place(str(chosen), lane, len(inner)))
        for lane in lanes_of(step)
        for inner in [step.get(lane) or ()]
    ]
    is_open = any(not step.get(lane) for lane in lanes_of(step))
    around = [
        Spot(f"After {name}", replace(place, index=place.index + 1)),
        Spot(f"Before {name}", place),
    ]
    found = [*inside, *around] if is_open else [*around, *inside]
    return [*found, last] if place.within else found
