"""Which steps a step can refer to: those that lie before it on its own way through the workflow."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Step = TypeVar("Step")


@dataclass(frozen=True)
class Inside(Generic[Step]):
    """What lies in a step: lanes of which none sees what another leaves; `again` if they repeat."""

    lanes: Sequence[Sequence[Step]] = ()
    again: bool = False


def scopes(
    steps: Sequence[Step],
    known: frozenset[str],
    id_of: Callable[[Step], str],
    inside: Callable[[Step], Inside[Step]],
) -> Iterator[tuple[Step, frozenset[str]]]:
    """Yield every step, parents first, with the keys such as `step.draft` that it can refer to."""

    def left_by(step: Step, found: Inside[Step]) -> set[str]:
        left = {f"step.{id_of(step)}"}
        for lane in found.lanes:
            for one in lane:
                left |= left_by(one, inside(one))
        return left

    for step in steps:
        yield step, known
        found = inside(step)
        # What lies in a loop was left by the turn before, too.
        seen = known.union(left_by(step, found)) if found.again else known
        for lane in found.lanes:
            yield from scopes(lane, seen, id_of, inside)
        known = known.union(left_by(step, found))
