"""A workflow as a Mermaid drawing: steps as boxes, branches as lanes, loops as frames.

A step that asks a person is a slanted box.

A drawing is a picture: its font is the browser's, and its colours are the theme's, so what is
said here about looks must suit light and dark.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dashboard.viewmodels.words import count, cut

Step = Mapping[str, Any]

LOOK = (
    '%%{{init: {{"flowchart": {{"nodeSpacing": 14, "rankSpacing": 24, "padding": 8, '
    '"wrappingWidth": {width}, "minNodeWidth": {width}, "curve": "linear"}}}}}}%%'
)
BOX_WIDTH = {"LR": 84, "TB": 120}  # of a name, before it goes on in a second line
FRAME = "fill:none,stroke:#8A9799"
LOOP_FRAME = f"{FRAME},stroke-dasharray:5 4"
NO_FRAME = "fill:none,stroke:none"
NAME_LENGTH = 48
TITLE_LENGTH = 30
LANES_IN_LINE = 4
MOST_NODES = 120  # Mermaid refuses drawings of more than 500 arrows or 50,000 characters

_JOINER = "\N{WORD JOINER}"
_MARKS = re.compile(r"([<>&#%\\`])")


@dataclass(frozen=True)
class End:
    """A node that the next step follows on; the label stands at the arrow to it."""

    node: str
    label: str = ""


@dataclass(frozen=True)
class Part:
    """What was drawn: its first node, and what the next step follows on."""

    head: str | None
    ends: list[End]


class Drawing:
    """Collects the lines of one drawing; nodes are numbered, so no id of a step gets into it."""

    def __init__(self, direction: str) -> None:
        self._direction = direction
        self._lines = [LOOK.format(width=BOX_WIDTH[direction]), f"flowchart {direction}"]
        self._count = 0

    def text(self) -> str:
        """Return the whole drawing."""
        return "\n".join(self._lines)

    def sequence(self, steps: Sequence[Step], before: list[End]) -> Part:
        """Draw steps one after the other; without steps, what came before is what is left."""
        head, ends = None, before
        for index, step in enumerate(steps):
            if self._count >= MOST_NODES:
                more = count(len(steps) - index, "more step")
                node = self._node(f"… {more}", '("', '")', ends)
                return Part(head or node, [End(node)])
            part = self._step(step, ends)
            head, ends = head or part.head, part.ends
        return Part(head, ends)

    def _step(self, step: Step, before: list[End]) -> Part:
        kind, inner = step.get("type"), step.get("steps")
        if kind == "conditional":
            return self._conditional(step, before)
        if kind == "parallel" and inner:
            node = self._lanes(cut(_name(step), TITLE_LENGTH), FRAME, inner)
            self._arrows(before, node)
        elif kind == "loop" and inner:
            turns = count(step.get("max_iterations", 10), "turn")
            node = self._turns(f"{cut(_name(step), TITLE_LENGTH)}, up to {turns}", inner)
            self._arrows(before, node)
        elif kind == "approval":
            node = self._node(f"{cut(_name(step), TITLE_LENGTH)}, asks you", '[/"', '"/]', before)
        else:
            node = self._node(_name(step), '("', '")', before)
        return Part(node, [End(node)])

    def _conditional(self, step: Step, before: list[End]) -> Part:
        choice = self._node(_name(step), '{{"', '"}}', before)
        yes = self.sequence(_branch(step.get("if_branch")), [End(choice, "Yes")])
        no = self.sequence(_branch(step.get("else_branch")), [End(choice, "No")])
        return Part(choice, [*yes.ends, *no.ends])

    def _turns(self, title: str, steps: Sequence[Step]) -> str:
        frame = self._open(title, LOOP_FRAME)
        body = self.sequence(steps, [])
        back = [end.node for end in body.ends if end.node != body.head]
        self._lines += [f"{node} -.-> {body.head}" for node in back]
        self._lines.append("end")
        return frame

    def _lanes(self, title: str, style: str, steps: Sequence[Step]) -> str:
        """Draw steps side by side, in several lines where they are many."""
        if len(steps) <= LANES_IN_LINE:
            return self._line(title, style, steps)
        frame = self._open(title, style)
        starts = range(0, len(steps), LANES_IN_LINE)
        lines = [self._line(" ", NO_FRAME, steps[i : i + LANES_IN_LINE]) for i in starts]
        self._keep_order(lines)
        self._lines.append("end")
        return frame

    def _line(self, title: str, style: str, steps: Sequence[Step]) -> str:
        outer = self._direction
        self._direction = "TB" if outer == "LR" else "LR"
        frame = self._open(title, style)
        parts = [self.sequence([step], []) for step in steps]
        self._keep_order([part.head for part in parts if part.head])
        self._lines.append("end")
        self._direction = outer
        return frame

    def _keep_order(self, nodes: Sequence[str]) -> None:
        """Without arrows between them Mermaid puts nodes in an order of its own."""
        self._lines += [f"{left} ~~~ {right}" for left, right in pairwise(nodes)]

    def _open(self, title: str, style: str) -> str:
        frame = self._next("g")
        self._lines += [
            f'subgraph {frame}["{_safe(title)}"]',
            f"style {frame} {style}",
            f"direction {self._direction}",
        ]
        return frame

    def _node(self, name: str, left: str, right: str, before: list[End]) -> str:
        node = self._next("n")
        self._lines.append(f"{node}{left}{_safe(cut(name, NAME_LENGTH))}{right}")
        self._arrows(before, node)
        return node

    def _next(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def _arrows(self, before: list[End], node: str) -> None:
        for end in before:
            arrow = f"-- {end.label} -->" if end.label else "-->"
            self._lines.append(f"{end.node} {arrow} {node}")


def draw(definition: Mapping[str, Any]) -> str:
    """Return a definition's steps as Mermaid text, in the direction that takes less width."""
    steps = definition["steps"]
    drawing = Drawing(min(("TB", "LR"), key=lambda direction: _width(steps, direction)))
    drawing.sequence(steps, [])
    return drawing.text()


def _width(steps: Sequence[Step], direction: str) -> int:
    """Return about how many boxes stand beside each other."""
    widths = [_step_width(step, direction) for step in steps]
    return sum(widths) if direction == "LR" else max(widths, default=0)


def _step_width(step: Step, direction: str) -> int:
    if step.get("type") == "parallel":
        lanes = [_step_width(inner, direction) for inner in step["steps"]] or [1]
        if direction == "LR":
            return max(lanes) * -(-len(lanes) // LANES_IN_LINE)
        return sum(lanes[:LANES_IN_LINE])
    if step.get("type") == "loop":
        return _width(step["steps"], direction)
    if step.get("type") == "conditional":
        ways = [_width(_branch(step.get(way)), direction) for way in ("if_branch", "else_branch")]
        return 1 + max(ways) if direction == "LR" else max(1, sum(ways))
    return 1


def _branch(branch: Any) -> Sequence[Step]:
    if not branch:
        return []
    return [branch] if isinstance(branch, Mapping) else branch


def _name(step: Step) -> str:
    return str(step.get("name") or step.get("type"))


def _safe(text: str) -> str:
    """Return a text that means nothing to Mermaid between quotes.

    Its own escapes are shown as they stand where labels are no HTML, so what could begin a tag, an
    entity, a directive or a line break gets an invisible character beside it.
    """
    return _MARKS.sub(rf"{_JOINER}\1{_JOINER}", text).replace(
        '"', "\N{RIGHT DOUBLE QUOTATION MARK}"
    )
