"""A workflow as a graph with a place for each step: sequences, lanes, and frames within frames.

What its steps are doing in a run are marks upon it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import zip_longest

from dashboard.viewmodels import flow_layout as layout
from dashboard.viewmodels.definitions import BRANCHES, NESTED, Scopes, Step, as_steps, unfolded
from dashboard.viewmodels.flow_layout import NARROW, ROOMY, Block, Box, Style
from dashboard.viewmodels.flow_marks import Mark, marks_of
from dashboard.viewmodels.flow_words import Names, detail, fitting
from dashboard.viewmodels.places import PLACE, Place
from dashboard.viewmodels.words import cut

__all__ = ["Edge", "Flow", "Mark", "Node", "flow_of", "marks_of"]

LABEL_LENGTH = 44
FRAMES = ("parallel", "loop", NESTED)
READABLE = 0.75  # the zoom below which words are hard to read
TITLE_ICON = 58  # pixels that the icon and the margins of a frame's title take
CHARACTER = 6.6  # pixels, on average


@dataclass(frozen=True)
class Node:
    """A step, a frame around steps, or a place for one: its top left corner and size, in pixels."""

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
    """A workflow as it is drawn; its `direction` is `TB` (down) or `LR` (to the right).

    One that is edited has `places` where something can be put in: nodes of their own, by whose ids
    they are found. The ways lead through them.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float
    direction: str
    places: Mapping[str, Place] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """It as JSON, as the canvas takes it: made once, however often the flow is drawn."""
        parts = {
            **vars(self),
            "nodes": [vars(node) for node in self.nodes],
            "edges": [vars(edge) for edge in self.edges],
            "places": {node: vars(place) for node, place in self.places.items()},
        }
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class _Steps:
    """Steps of one list: the node whose it is, the frame around them, and the list's name."""

    steps: Sequence[Step]
    within: str | None = None
    parent: str | None = None
    branch: str = "steps"
    are_lanes: bool = False


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
    editable: bool = False,
    workflows: Mapping[str, str] | None = None,
) -> Flow:
    """Return the steps of a definition, each where it is drawn.

    It is laid out so that it can be drawn as large as possible in `wide` pixels; where they are
    not given, down. `agents` and `workflows` are names by ids. An `editable` one has places to put
    something in.
    """
    draw = partial(_Drawing, steps, editable)
    drawing = _fitted(draw, direction, wide) if wide else draw(ROOMY[direction or "TB"])
    scopes = Scopes({"steps": steps})
    named = Names(agents or {}, workflows or {})
    nodes = [
        _node(box, drawing.steps[box.id], scopes.names(box.id), named) for box in drawing.boxes
    ]
    style = drawing.style
    size = (drawing.width, drawing.height)
    return Flow(tuple(nodes), tuple(drawing.edges), *size, style.direction, drawing.places)


def _fitted(draw: "Callable[[Style], _Drawing]", direction: str | None, wide: float) -> "_Drawing":
    """Return the drawing that is largest in this width; a narrow one where others are too small."""

    def zoom(drawing: _Drawing) -> float:
        return min(1.0, wide / max(drawing.width, 1))

    directions = [direction] if direction else ["LR", "TB"]
    roomy = max((draw(ROOMY[each]) for each in directions), key=zoom)
    if zoom(roomy) >= READABLE or direction == "LR":
        return roomy
    return max(roomy, draw(NARROW), key=zoom)


class _Drawing:
    """Goes through the steps, gives each its place, and collects the ways between them."""

    def __init__(self, steps: Sequence[Step], editable: bool, style: Style) -> None:
        self.style = style
        self.editable = editable
        self.steps: dict[str, Step] = {}
        self.places: dict[str, Place] = {}
        self.edges: list[Edge] = []
        block = self._sequence(_Steps(steps)).block
        is_down = style.direction == "TB"
        self.boxes = block.boxes if is_down else [box.turned() for box in block.boxes]
        size = (block.width, block.height)
        self.width, self.height = size if is_down else size[::-1]

    def _sequence(self, those: _Steps) -> _Part:
        """Lay out steps one after the other."""
        parts = [self._step(step, those.within, those.parent) for step in those.steps]
        gap = layout.AHEAD
        if self.editable:
            spots = [self._spot(those, index) for index in range(len(parts) + 1)]
            parts = [part for pair in zip_longest(spots, parts) for part in pair if part]
            gap = layout.TIGHT
        head: str | None = None
        ends: tuple[_End, ...] = ()
        for part in parts:
            self._follow(ends, part.head)
            head, ends = head or part.head, part.ends
        return _Part(layout.row([part.block for part in parts], gap), head, ends)

    def _step(self, step: Step, within: str | None, parent: str | None) -> _Part:
        step = unfolded(step)
        node, kind = _path(within, str(step["id"])), step.get("type")
        self.steps[node] = step
        inside = as_steps(step.get("steps")) if kind in FRAMES else ()
        if kind == "conditional":
            return self._choice(step, node, parent)
        if kind not in FRAMES or not (inside or self.editable):
            block = layout.step(node, parent, self.style)
        elif kind == "loop":
            block = self._turns(inside, node, parent)
        elif kind == NESTED:
            body = self._sequence(_Steps(inside, node, node))
            block = layout.frame(node, parent, body.block, self.style, back=False)
        else:
            block = self._lanes(inside, node, parent)
        return _Part(block, node, (_End(node),))

    def _choice(self, step: Step, node: str, parent: str | None) -> _Part:
        blocks: list[Block] = []
        ends: list[_End] = []
        for name, label in BRANCHES.items():
            part = self._sequence(_Steps(as_steps(step.get(name)), node, parent, name))
            self._follow([_End(node, label)], part.head)
            blocks.append(part.block if part.head else layout.way())
            ends += part.ends if part.head else [_End(node, label)]
        choice = layout.step(node, parent, self.style)
        if all(not block.boxes for block in blocks):
            return _Part(choice, node, (_End(node),))
        # The ways meet at one height, also where the next thing is a place close by.
        after = layout.AHEAD - layout.TIGHT if self.editable else 0.0
        return _Part(layout.fork(choice, blocks, after), node, tuple(ends))

    def _turns(self, steps: Sequence[Step], node: str, parent: str | None) -> Block:
        body = self._sequence(_Steps(steps, node, node))
        # One way back says it, out of the outermost way where the body ends in several.
        self._edge(_End(body.ends[-1].node), body.head or node, "back")
        return layout.frame(node, parent, body.block, self.style, back=True)

    def _lanes(self, steps: Sequence[Step], node: str, parent: str | None) -> Block:
        those = _Steps(steps, node, node, are_lanes=True)
        lanes = [self._step(lane, node, node).block for lane in steps]
        beside = [self._spot(those, len(lanes)).block] if self.editable else []
        lines = layout.lines(lanes, self.style, beside)
        return layout.frame(node, parent, lines, self.style, back=False)

    def _spot(self, those: _Steps, index: int) -> _Part:
        """Lay out the place before the step of a list that has this index."""
        place = Place(those.within and those.within.rpartition("/")[2], those.branch, index)
        # It keeps its id for as long as the same step stands before it.
        before = f"{those.steps[index - 1]['id']}+" if index else f"{those.branch}++"
        node = _path(those.within, before)
        self.places[node] = place
        self.steps[node] = {"type": PLACE, "name": self._invitation(those, index)}
        kind = {"is_alone": not those.steps, "is_lane": those.are_lanes}
        block = layout.spot(node, those.parent, self.style, **kind)
        return _Part(block, node, (_End(node),))

    def _invitation(self, those: _Steps, index: int) -> str:
        """Return what a button at a place says."""
        if those.steps:
            side = "beside" if those.are_lanes else "after" if index else "before"
            return f"Add a step {side} {_label(those.steps[max(index - 1, 0)])}"
        if those.within is None:
            return "Add the first step"
        way = BRANCHES.get(those.branch)
        around = _label(self.steps[those.within])
        return f"Add a step to {around}: {way}" if way else f"Add a step to {around}"

    def _follow(self, ends: Sequence[_End], head: str | None) -> None:
        for end in ends if head else ():
            self._edge(end, str(head), "next")

    def _edge(self, end: _End, target: str, kind: str) -> None:
        id = f"{end.node} {kind} {target}"
        self.edges.append(Edge(id, end.node, target, end.label, kind))


def _node(box: Box, step: Step, names: Mapping[str, str], named: Names) -> Node:
    kind = str(step.get("type"))
    label = _name(step) if kind == PLACE else _label(step)
    more = detail(step, names, named)
    if kind in FRAMES:
        more = fitting(more, round((box.width - TITLE_ICON) / CHARACTER) - len(label))
    return Node(
        id=box.id,
        kind=kind,
        label=label,
        detail=more,
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        parent=box.parent,
    )


def _label(step: Step) -> str:
    return cut(_name(step), LABEL_LENGTH)


def _name(step: Step) -> str:
    return str(step.get("name") or step.get("type"))


def _path(within: str | None, id: str) -> str:
    return f"{within}/{id}" if within else id
