"""Where the boxes of a drawing stand.

Workflows are trees: every part is laid out by itself, then moved to its place in what holds it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dashboard.viewmodels.flow_parts import Node, Step, branch
from dashboard.viewmodels.flow_words import detail_of, label_of

WIDTH, HEIGHT = 188.0, 58.0  # of a box
GAP = 44.0  # to what comes next, with room for an arrow and its word
LANE_GAP = 28.0  # between what stands side by side
PADDING = 16.0  # between a frame and what it holds
TITLE = 46.0  # of a frame, above what it holds
WAY_BACK = 28.0  # a loop's, beside its steps
LANES_IN_LINE = 4


@dataclass(frozen=True)
class Block:
    """A part that is laid out; its nodes lie within its width and height."""

    width: float
    height: float
    nodes: tuple[Node, ...] = ()

    def moved(self, x: float, y: float) -> "Block":
        """Return the same part at another place."""
        nodes = tuple(replace(node, x=node.x + x, y=node.y + y) for node in self.nodes)
        return replace(self, nodes=nodes)


class Layout:
    """Lays steps out in one direction."""

    def __init__(self, direction: str) -> None:
        self._is_across = direction == "LR"
        self._kinds: dict[str, Callable[[Step, Node], Block]] = {
            "conditional": self._conditional,
            "parallel": self._parallel,
            "loop": self._loop,
        }

    def sequence(self, steps: Sequence[Step], parent: str | None = None, way: str = "") -> Block:
        """Lay out steps that follow each other; `way` is the path that they lie in."""
        blocks = [self._step(step, parent, way) for step in steps]
        return _line(blocks, is_across=self._is_across, gap=GAP)

    def _step(self, step: Step, parent: str | None, way: str) -> Block:
        kind = str(step.get("type"))
        node = Node(
            id=f"{way}/{step.get('id')}" if way else str(step.get("id")),
            kind=kind,
            label=label_of(step),
            detail=detail_of(step),
            x=0.0,
            y=0.0,
            width=WIDTH,
            height=HEIGHT,
            parent=parent,
        )
        lay_out = self._kinds.get(kind)
        return lay_out(step, node) if lay_out else Block(WIDTH, HEIGHT, (node,))

    def _conditional(self, step: Step, node: Node) -> Block:
        ways = [branch(step.get(name)) for name in ("if_branch", "else_branch")]
        head = Block(WIDTH, HEIGHT, (node,))
        if not any(ways):
            return head
        lanes = [self.sequence(way, node.parent, node.id) if way else _BYPASS for way in ways]
        beside = _line(lanes, is_across=not self._is_across, gap=LANE_GAP, is_centred=False)
        return _line([head, beside], is_across=self._is_across, gap=GAP)

    def _parallel(self, step: Step, node: Node) -> Block:
        lanes = [self._step(inner, node.id, node.id) for inner in branch(step.get("steps"))]
        starts = range(0, len(lanes), LANES_IN_LINE)
        lines = [
            _line(lanes[at : at + LANES_IN_LINE], is_across=not self._is_across, gap=LANE_GAP)
            for at in starts
        ]
        return _framed(node, _line(lines, is_across=self._is_across, gap=LANE_GAP))

    def _loop(self, step: Step, node: Node) -> Block:
        inner = self.sequence(branch(step.get("steps")), node.id, node.id)
        if self._is_across:
            return _framed(node, replace(inner, height=inner.height + WAY_BACK))
        return _framed(node, replace(inner, width=inner.width + WAY_BACK))


_BYPASS = Block(WIDTH / 3, HEIGHT / 2)  # beside the other branch: there an arrow goes past


def _line(
    blocks: Sequence[Block], *, is_across: bool, gap: float, is_centred: bool = True
) -> Block:
    """Put parts one after the other, beside (`is_across`) or below each other."""
    width = max((block.width for block in blocks), default=0.0)
    height = max((block.height for block in blocks), default=0.0)
    share = 0.5 if is_centred else 0.0
    nodes: list[Node] = []
    at = 0.0
    for block in blocks:
        if is_across:
            nodes += block.moved(at, (height - block.height) * share).nodes
            at += block.width + gap
        else:
            nodes += block.moved((width - block.width) * share, at).nodes
            at += block.height + gap
    length = max(at - gap, 0.0)
    size = (length, height) if is_across else (width, length)
    return Block(*size, tuple(nodes))


def _framed(node: Node, inner: Block) -> Block:
    """Put a frame around a part; the frame comes first, as what it holds refers to it."""
    if not inner.nodes:
        return Block(WIDTH, HEIGHT, (node,))
    width = max(inner.width, WIDTH) + 2 * PADDING
    height = inner.height + TITLE + PADDING
    inside = inner.moved((width - inner.width) / 2, TITLE)
    return Block(width, height, (replace(node, width=width, height=height), *inside.nodes))
