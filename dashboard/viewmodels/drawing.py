"""A workflow as a Mermaid drawing: steps as boxes, branches as lanes, loops as frames."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.viewmodels.words import cut

Step = Mapping[str, Any]
NAME_LENGTH = 28


class Drawing:
    """Collects the lines of one drawing; its nodes are numbered, so ids never reach the text."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._count = 0

    def text(self, direction: str) -> str:
        """Return the whole drawing."""
        return "\n".join([f"flowchart {direction}", *self._lines])

    def sequence(self, steps: Sequence[Step], before: list[str], label: str = "") -> list[str]:
        """Draw steps one after the other, and return the nodes that they end with."""
        for step in steps:
            before = self._step(step, before, label)
            label = ""
        return before

    def _step(self, step: Step, before: list[str], label: str) -> list[str]:
        kind = step.get("type")
        if kind == "parallel":
            return self._parallel(step, before, label)
        if kind == "conditional":
            return self._conditional(step, before, label)
        if kind == "loop":
            return self._loop(step, before, label)
        return [self._node(step["name"], '["', '"]', before, label)]

    def _parallel(self, step: Step, before: list[str], label: str) -> list[str]:
        ends: list[str] = []
        frame = self._open(step["name"])
        for child in step["steps"]:
            ends += self._step(child, [], "")
        self._lines.append("end")
        self._arrows(before, [frame], label)
        return [frame]

    def _conditional(self, step: Step, before: list[str], label: str) -> list[str]:
        choice = self._node(step["name"], '{"', '"}', before, label)
        yes = self.sequence(_branch(step.get("if_branch")), [choice], "Yes")
        no = self.sequence(_branch(step.get("else_branch")), [choice], "No")
        return list(dict.fromkeys([*yes, *no]))

    def _loop(self, step: Step, before: list[str], label: str) -> list[str]:
        frame = self._open(
            f"{cut(step['name'], NAME_LENGTH)}, up to {step.get('max_iterations', 10)} turns"
        )
        self.sequence(step["steps"], [])
        self._lines.append("end")
        self._arrows(before, [frame], label)
        return [frame]

    def _open(self, title: str) -> str:
        self._count += 1
        frame = f"g{self._count}"
        self._lines.append(f'subgraph {frame}["{_safe(title)}"]')
        return frame

    def _node(self, name: str, left: str, right: str, before: list[str], label: str) -> str:
        self._count += 1
        node = f"n{self._count}"
        self._lines.append(f"{node}{left}{_safe(name)}{right}")
        self._arrows(before, [node], label)
        return node

    def _arrows(self, before: list[str], after: list[str], label: str) -> None:
        arrow = f"-- {label} -->" if label else "-->"
        self._lines += [f"{source} {arrow} {target}" for source in before for target in after]


def draw(definition: Mapping[str, Any]) -> str:
    """Return a definition's steps as Mermaid text.

    It goes downwards, for cards are narrow; steps side by side are drawn narrower to the right.
    """
    drawing = Drawing()
    drawing.sequence(definition["steps"], [])
    is_wide = any(step.get("type") == "parallel" for step in definition["steps"])
    return drawing.text("LR" if is_wide else "TB")


def _branch(branch: Any) -> Sequence[Step]:
    if not branch:
        return []
    return [branch] if isinstance(branch, Mapping) else branch


def _safe(name: str) -> str:
    """Return a name that means nothing to Mermaid: its marks become entities."""
    shown = cut(name, NAME_LENGTH + 24)
    return "".join(c if c.isalnum() or c in " ,.-_()" else f"#{ord(c)};" for c in shown)
