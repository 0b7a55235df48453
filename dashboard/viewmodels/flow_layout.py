"""Puts boxes in rows, beside each other and into frames, so that no two of them overlap.

Everything is reckoned as if a workflow went down. One that goes to the right is turned at the end,
so a frame's title, which stands above it then, is here at its side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

STEP_WIDTH, STEP_HEIGHT = 220.0, 56.0
TITLE = 36.0  # a frame's first line
PAD = 16.0  # between a frame and what it holds
BACK = 28.0  # for a loop's way back
ASIDE = 56.0  # for a way on which nothing stands
AHEAD = 44.0  # from a step to the next; less would bend its ways at other heights
TIGHT = 18.0  # from a step to the place behind it, where something can be put in
FORK = 56.0  # from a choice to its ways, for their labels
BETWEEN = 24.0  # from a lane to the one beside it
WAYS = 32.0  # from one way of a choice to the other
LINES = 14.0  # from a line of lanes to the one below
MOST_LINES = 10
SPOT = 24.0  # a place on a way
SPOT_ASIDE = (44.0, STEP_HEIGHT)  # one beside lanes
SPOT_ALONE = (152.0, 40.0)  # one where nothing else stands


@dataclass(frozen=True)
class Style:
    """How a workflow is laid out; frames are at least so wide that a status fits into the title."""

    direction: str
    lanes_in_line: int
    frame_width: float


ROOMY = {"LR": Style("LR", 8, 300), "TB": Style("TB", 5, 300)}
NARROW = Style("TB", 1, 0)


class Box(NamedTuple):
    """Where a step stands; `parent` is the frame around it.

    A tuple, for each is moved with every block around it.
    """

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
        return tuple(
            Box(id, parent, left + x, top + y, width, height)
            for id, parent, left, top, width, height in self.boxes
        )


def step(id: str, parent: str | None, style: Style) -> Block:
    """Return the block of one step."""
    size = (STEP_WIDTH, STEP_HEIGHT) if style.direction == "TB" else (STEP_HEIGHT, STEP_WIDTH)
    return Block(*size, size[0] / 2, (Box(id, parent, 0, 0, *size),))


def spot(id: str, parent: str | None, style: Style, *, is_alone: bool, is_lane: bool) -> Block:
    """Return the block of a place where something can be put in."""
    if is_alone:
        size = SPOT_ALONE if style.direction == "TB" else SPOT_ALONE[::-1]
    else:
        size = SPOT_ASIDE if is_lane else (SPOT, SPOT)
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


def lanes(blocks: Sequence[Block], between: float) -> Block:
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


def lines(blocks: Sequence[Block], style: Style, beside: Sequence[Block] = ()) -> Block:
    """Return blocks beside each other, in several lines of about the same length if they are many.

    What is `beside` them stands at the end of the last line, or below it where a line has one lane.
    """
    count = max(1, min(-(-len(blocks) // style.lanes_in_line), MOST_LINES))
    length = max(1, -(-len(blocks) // count))
    parts = [blocks[at : at + length] for at in range(0, len(blocks), length)]
    if parts and style.lanes_in_line > 1:
        parts[-1] = [*parts[-1], *beside]
    elif beside:
        parts.append(beside)
    made = [lanes(part, BETWEEN) for part in parts]
    width = max(line.width for line in made)
    even = [replace(line, width=width, axis=width / 2) for line in made]
    return row(even, LINES)


def fork(choice: Block, ways: Sequence[Block], after: float = 0.0) -> Block:
    """Return a choice with its ways beside each other behind it, and room after them."""
    block = row([choice, lanes(ways, WAYS)], FORK)
    return replace(block, height=block.height + after)


def frame(id: str, parent: str | None, inside: Block, style: Style, *, back: bool) -> Block:
    """Return a block with a frame around it; `back` leaves room for a way back."""
    left, above, right = _margins(style, BACK if back else 0)
    width, height = left + inside.width + right, above + inside.height + PAD
    if style.direction == "TB":
        aside, ahead = max(0.0, style.frame_width - width) / 2, 0.0
    else:
        aside, ahead = 0.0, max(0.0, style.frame_width - height) / 2
    around = Box(id, parent, 0, 0, width + 2 * aside, height + 2 * ahead)
    boxes = (around, *inside.moved(left + aside, above + ahead))
    return Block(around.width, around.height, left + aside + inside.axis, boxes)


def _margins(style: Style, back: float) -> tuple[float, float, float]:
    """Return what is free inside a frame to the left of its steps, above them, and to the right."""
    if style.direction == "LR":
        return TITLE, PAD, PAD + back
    balance = back if style.frame_width else 0.0
    return PAD + balance, TITLE, PAD + back
