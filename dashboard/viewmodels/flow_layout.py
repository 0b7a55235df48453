"""Puts boxes in rows, beside each other and into frames, so that no two of them overlap.

Everything is reckoned as if a workflow went down. One that goes to the right is turned at the end,
so a frame's title, which stands above it then, is here at its side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

STEP_WIDTH, STEP_HEIGHT = 184.0, 56.0
TITLE = 36.0  # a frame's first line
PAD = 16.0  # between a frame and what it holds
BACK = 28.0  # for a loop's way back
ASIDE = 28.0  # for a way on which nothing stands
AHEAD = 44.0  # from a step to the next
FORK = 56.0  # from a choice to its ways, for their labels
BETWEEN = 24.0  # from a lane to the one beside it
LANES_IN_LINE = {"TB": 5, "LR": 8}


@dataclass(frozen=True)
class Box:
    """Where a step stands; `parent` is the frame around it."""

    id: str
    parent: str | None
    x: float
    y: float
    width: float
    height: float

    def turned(self) -> "Box":
        """Return it with right and down exchanged."""
        return Box(self.id, self.parent, self.y, self.x, self.height, self.width)


@dataclass(frozen=True)
class Block:
    """Boxes that keep their places to each other; `axis` is where the way through them runs."""

    width: float
    height: float
    axis: float
    boxes: tuple[Box, ...] = ()

    def moved(self, x: float, y: float) -> tuple[Box, ...]:
        """Return its boxes, moved."""
        return tuple(replace(box, x=box.x + x, y=box.y + y) for box in self.boxes)


def step(id: str, parent: str | None, direction: str) -> Block:
    """Return the block of one step."""
    size = (STEP_WIDTH, STEP_HEIGHT) if direction == "TB" else (STEP_HEIGHT, STEP_WIDTH)
    return Block(*size, size[0] / 2, (Box(id, parent, 0, 0, *size),))


def way() -> Block:
    """Return room for a way on which nothing stands."""
    return Block(ASIDE, 0, ASIDE / 2)


def row(blocks: Sequence[Block], gap: float = AHEAD) -> Block:
    """Return blocks one after the other on one axis."""
    if not blocks:
        return Block(0, 0, 0)
    axis = max(block.axis for block in blocks)
    tops = list(accumulate((block.height + gap for block in blocks), initial=0.0))
    return Block(
        width=axis + max(block.width - block.axis for block in blocks),
        height=tops[-1] - gap,
        axis=axis,
        boxes=tuple(
            box
            for block, top in zip(blocks, tops, strict=False)
            for box in block.moved(axis - block.axis, top)
        ),
    )


def lanes(blocks: Sequence[Block], between: float = BETWEEN) -> Block:
    """Return blocks beside each other, their axis in the middle."""
    lefts = list(accumulate((block.width + between for block in blocks), initial=0.0))
    axes = [left + block.axis for left, block in zip(lefts, blocks, strict=False)]
    return Block(
        width=lefts[-1] - between,
        height=max(block.height for block in blocks),
        axis=(axes[0] + axes[-1]) / 2,
        boxes=tuple(
            box for left, block in zip(lefts, blocks, strict=False) for box in block.moved(left, 0)
        ),
    )


def lines(blocks: Sequence[Block], direction: str) -> Block:
    """Return blocks beside each other, in several lines of about the same length if they are many."""
    count = -(-len(blocks) // LANES_IN_LINE[direction])
    length = -(-len(blocks) // count)
    made = [lanes(blocks[at : at + length]) for at in range(0, len(blocks), length)]
    width = max(line.width for line in made)
    even = [replace(line, width=width, axis=width / 2) for line in made]
    return row(even, BETWEEN)


def fork(choice: Block, ways: Sequence[Block]) -> Block:
    """Return a choice with its ways beside each other behind it."""
    return row([choice, lanes(ways)], FORK)


def frame(id: str, parent: str | None, inside: Block, direction: str, *, back: bool) -> Block:
    """Return a block with a frame around it; `back` leaves room for a way back."""
    above, left = (TITLE, PAD) if direction == "TB" else (PAD, TITLE)
    width = left + inside.width + (BACK if back else 0) + PAD
    height = above + inside.height + PAD
    around = Box(id, parent, 0, 0, width, height)
    return Block(width, height, left + inside.axis, (around, *inside.moved(left, above)))
