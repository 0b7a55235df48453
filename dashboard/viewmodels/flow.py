"""A workflow as a graph with a place for each step: sequences, lanes, and frames within frames.

What its steps are doing in a run are marks upon it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.viewmodels import flow_layout as layout
from dashboard.viewmodels.definitions import BRANCHES, NESTED, Scopes, Step, as_steps, unfolded
from dashboard.viewmodels.flow_layout import NARROW, ROOMY, Block, Box, Style
from dashboard.viewmodels.flow_marks import Mark, marks_of
from dashboard.viewmodels.flow_words import Names, detail, fitting
from dashboard.viewmodels.words import cut

__all__ = ["Edge", "Flow", "Mark", "Node", "flow_of", "marks_of"]

LABEL_LENGTH = 44
FRAMES = ("parallel", "loop", NESTED)
READABLE = 0.75  # the zoom below which words are hard to read
TITLE_ICON = 58  # pixels that the icon and the margins of a frame's title take
CHARACTER = 6.6  # pixels, on average


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
    workflows: Mapping[str, str] | None = None,
) -> Flow:
    """Return the steps of a definition with their places.

    It is laid out so that it can be drawn as large as possible in `wide` pixels; where they are
    not given, down. `agents` and `workflows` are names by ids.
    """
    drawing = _fitted(steps, direction, wide) if wide else _Drawing(steps, ROOMY[direction or "TB"])
    scopes = Scopes({"steps": steps})
    named = Names(agents or {}, workflows or {})
    nodes = [
        _node(box, drawing.steps[box.id], scopes.names(box.id), named) for box in drawing.boxes
    ]
    style = drawing.style
    return Flow(tuple(nodes), tuple(drawing.edges), drawing.width, drawing.height, style.direction)


def _fitted(steps: Sequence[Step], direction: str | None, wide: float) -> "_Drawing":
    """Return the drawing that is largest in this width; a narrow one where others are too small."""

    def zoom(drawing: _Drawing) -> float:
        return min(1.0, wide / max(drawing.width, 1))

    directions = [direction] if direction else ["LR", "TB"]
    roomy = max((_Drawing(steps, ROOMY[each]) for each in directions), key=zoom)
    if zoom(roomy) >= READABLE or direction == "LR":
        return roomy
    return max(roomy, _Drawing(steps, NARROW), key=zoom)


class _Drawing:
    """Goes through the steps, gives each its place, and collects the ways between them."""

    def __init__(self, steps: Sequence[Step], style: Style) -> None:
        self.style = style
        self.steps: dict[str, Step] = {}
        self.edges: list[Edge] = []
        block = self._sequence(steps, "", None).block
        is_down = style.direction == "TB"
        self.boxes = block.boxes if is_down else [box.turned() for box in block.boxes]
        size = (block.width, block.height)
        self.width, self.height = size if is_down else size[::-1]

    def _sequence(self, steps: Sequence[Step], within: str, parent: str | None) -> _Part:
        """Lay out steps one after the other."""
        parts = [self._step(step, within, parent) for step in steps]
        head: str | None = None
        ends: tuple[_End, ...] = ()
        for part in parts:
            self._follow(ends, part.head)
            head, ends = head or part.head, part.ends
        return _Part(layout.row([part.block for part in parts]), head, ends)

    def _step(self, step: Step, within: str, parent: str | None) -> _Part:
        step = unfolded(step)
        node, kind = f"{within}{step['id']}", step.get("type")
        self.steps[node] = step
        inside = as_steps(step.get("steps")) if kind in FRAMES else ()
        if kind == "conditional":
            return self._choice(step, node, parent)
        if not inside:
            block = layout.step(node, parent, self.style)
        elif kind == "loop":
            block = self._turns(inside, node, parent)
        elif kind == NESTED:
            body = self._sequence(inside, f"{node}/", node)
            block = layout.frame(node, parent, body.block, self.style, back=False)
        else:
            parts = [self._step(lane, f"{node}/", node) for lane in inside]
            lines = layout.lines([part.block for part in parts], self.style)
            block = layout.frame(node, parent, lines, self.style, back=False)
        return _Part(block, node, (_End(node),))

    def _choice(self, step: Step, node: str, parent: str | None) -> _Part:
        blocks: list[Block] = []
        ends: list[_End] = []
        for name, label in BRANCHES.items():
            part = self._sequence(as_steps(step.get(name)), f"{node}/", parent)
            self._follow([_End(node, label)], part.head)
            blocks.append(part.block if part.head else layout.way())
            ends += part.ends if part.head else [_End(node, label)]
        choice = layout.step(node, parent, self.style)
        if all(not block.boxes for block in blocks):
            return _Part(choice, node, (_End(node),))
        return _Part(layout.fork(choice, blocks), node, tuple(ends))

    def _turns(self, steps: Sequence[Step], node: str, parent: str | None) -> Block:
        body = self._sequence(steps, f"{node}/", node)
        # One way back says it, out of the outermost way where the body ends in several.
        self._edge(_End(body.ends[-1].node), body.head or node, "back")
        return layout.frame(node, parent, body.block, self.style, back=True)

    def _follow(self, ends: Sequence[_End], head: str | None) -> None:
        for end in ends if head else ():
            self._edge(end, str(head), "next")

    def _edge(self, end: _End, target: str, kind: str) -> None:
        id = f"{end.node} {kind} {target}"
        self.edges.append(Edge(id, end.node, target, end.label, kind))


def _node(box: Box, step: Step, names: Mapping[str, str], named: Names) -> Node:
    label = cut(_name(step), LABEL_LENGTH)
    words = detail(step, names, named)
    if step.get("type") in FRAMES:
        words = fitting(words, round((box.width - TITLE_ICON) / CHARACTER) - len(label))
    return Node(
        id=box.id,
        kind=str(step.get("type")),
        label=label,
        detail=words,
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        parent=box.parent,
    )


def _name(step: Step) -> str:
    return str(step.get("name") or step.get("type"))
