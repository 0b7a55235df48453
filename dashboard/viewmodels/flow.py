"""A workflow as a graph with a place for each step: sequences, lanes, and frames within frames.

What its steps are doing in a run are marks upon it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.viewmodels import flow_layout as layout
from dashboard.viewmodels.definitions import as_steps, steps_by_id
from dashboard.viewmodels.flow_layout import Block, Box
from dashboard.viewmodels.flow_marks import BRANCHES, Mark, marks_of, node_of
from dashboard.viewmodels.flow_words import detail
from dashboard.viewmodels.words import cut

__all__ = ["Edge", "Flow", "Mark", "Node", "flow_of", "marks_of", "node_of"]

Step = Mapping[str, Any]

LABEL_LENGTH = 44
FRAMES = ("parallel", "loop")


@dataclass(frozen=True)
class Node:
    """A step, or a frame around steps: its top left corner and its size, in pixels."""

    id: str
    kind: str
    label: str
    detail: str
    x: float
    y: float
    width: float
    height: float
    parent: str | None


@dataclass(frozen=True)
class Edge:
    """A way from a step to another; `kind` is `next`, or `back` for a loop's way back."""

    id: str
    source: str
    target: str
    label: str
    kind: str


@dataclass(frozen=True)
class Flow:
    """A workflow as it is drawn; its `direction` is `TB` (down) or `LR` (to the right)."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float
    direction: str


@dataclass(frozen=True)
class _End:
    """A step that the next one follows on; the label stands at the way to it."""

    node: str
    label: str = ""


@dataclass(frozen=True)
class _Part:
    """Steps with their places: the first of them, and those that the next step follows on."""

    block: Block
    head: str | None
    ends: tuple[_End, ...]


def flow_of(
    steps: Sequence[Step],
    *,
    direction: str | None = None,
    wide: float | None = None,
    agents: Mapping[str, str] | None = None,
) -> Flow:
    """Return the steps of a definition with their places.

    Without a `direction` it is the one that can be drawn larger in `wide` pixels, else down.
    `agents` are names by ids.
    """
    if direction is None and wide is not None:
        flows = [flow_of(steps, direction=each, agents=agents) for each in ("LR", "TB")]
        return max(flows, key=lambda flow: min(1, wide / max(flow.width, 1)))
    drawing = _Drawing(direction or "TB")
    block = drawing.sequence(steps, "", None).block
    if drawing.direction == "LR":
        boxes = [box.turned() for box in block.boxes]
        block = Block(block.height, block.width, block.axis, tuple(boxes))
    names = {id: _name(step) for id, step in steps_by_id({"steps": steps}).items()}
    nodes = [
        _node(box, step, detail(step, names, agents or {}))
        for box in block.boxes
        for step in [drawing.steps[box.id]]
    ]
    return Flow(tuple(nodes), tuple(drawing.edges), block.width, block.height, drawing.direction)


class _Drawing:
    """Goes through the steps, gives each its place, and collects the ways between them."""

    def __init__(self, direction: str) -> None:
        self.direction = direction
        self.steps: dict[str, Step] = {}
        self.edges: list[Edge] = []

    def sequence(self, steps: Sequence[Step], within: str, parent: str | None) -> _Part:
        """Lay out steps one after the other."""
        parts = [self._step(step, within, parent) for step in steps]
        head: str | None = None
        ends: tuple[_End, ...] = ()
        for part in parts:
            self._follow(ends, part.head)
            head, ends = head or part.head, part.ends
        return _Part(layout.row([part.block for part in parts]), head, ends)

    def _step(self, step: Step, within: str, parent: str | None) -> _Part:
        node, kind = f"{within}{step['id']}", step.get("type")
        self.steps[node] = step
        inside = as_steps(step.get("steps")) if kind in FRAMES else ()
        if kind == "conditional":
            return self._choice(step, node, parent)
        if not inside:
            block = layout.step(node, parent, self.direction)
        elif kind == "loop":
            block = self._turns(inside, node, parent)
        else:
            parts = [self._step(lane, f"{node}/", node) for lane in inside]
            lines = layout.lines([part.block for part in parts], self.direction)
            block = layout.frame(node, parent, lines, self.direction, back=False)
        return _Part(block, node, (_End(node),))

    def _choice(self, step: Step, node: str, parent: str | None) -> _Part:
        blocks: list[Block] = []
        ends: list[_End] = []
        for name, label in BRANCHES.items():
            part = self.sequence(as_steps(step.get(name)), f"{node}/", parent)
            self._follow([_End(node, label)], part.head)
            blocks.append(part.block if part.head else layout.way())
            ends += part.ends if part.head else [_End(node, label)]
        choice = layout.step(node, parent, self.direction)
        if all(not block.boxes for block in blocks):
            return _Part(choice, node, (_End(node),))
        return _Part(layout.fork(choice, blocks), node, tuple(ends))

    def _turns(self, steps: Sequence[Step], node: str, parent: str | None) -> Block:
        body = self.sequence(steps, f"{node}/", node)
        # One way back says it, out of the outermost way where the body ends in several.
        self._edge(_End(body.ends[-1].node), body.head or node, "back")
        return layout.frame(node, parent, body.block, self.direction, back=True)

    def _follow(self, ends: Sequence[_End], head: str | None) -> None:
        for end in ends if head else ():
            self._edge(end, str(head), "next")

    def _edge(self, end: _End, target: str, kind: str) -> None:
        id = f"{end.node} {kind} {target}"
        self.edges.append(Edge(id, end.node, target, end.label, kind))


def _node(box: Box, step: Step, words: str) -> Node:
    return Node(
        id=box.id,
        kind=str(step.get("type")),
        label=cut(_name(step), LABEL_LENGTH),
        detail=words,
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        parent=box.parent,
    )


def _name(step: Step) -> str:
    return str(step.get("name") or step.get("type"))
