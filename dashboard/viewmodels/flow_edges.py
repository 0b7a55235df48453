"""The arrows of a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.viewmodels.flow_parts import Edge, Step, branch


@dataclass(frozen=True)
class End:
    """A node that the next step follows on; the label stands at the arrow to it."""

    node: str
    label: str = ""


def edges_of(steps: Sequence[Step]) -> tuple[Edge, ...]:
    """Return the arrows between the steps of a workflow, at every depth."""
    edges = _Edges()
    edges.sequence(steps, "", [])
    return tuple(edges.found)


class _Edges:
    def __init__(self) -> None:
        self.found: list[Edge] = []

    def sequence(self, steps: Sequence[Step], way: str, before: list[End]) -> list[End]:
        """Join steps that follow each other; return what the next one follows on."""
        for step in steps:
            before = self._step(step, way, before)
        return before

    def _step(self, step: Step, way: str, before: list[End]) -> list[End]:
        node = f"{way}/{step.get('id')}" if way else str(step.get("id"))
        for end in before:
            self._join(end.node, node, end.label)
        kind, inner = step.get("type"), branch(step.get("steps"))
        if kind == "conditional":
            yes = self.sequence(branch(step.get("if_branch")), node, [End(node, "Yes")])
            no = self.sequence(branch(step.get("else_branch")), node, [End(node, "No")])
            return [*yes, *no]
        if kind == "parallel":
            for lane in inner:
                self._step(lane, node, [])
        elif kind == "loop" and inner:
            first = f"{node}/{inner[0].get('id')}"
            for end in self.sequence(inner, node, []):
                if end.node != first:
                    self._join(end.node, first, end.label, "back")
        return [End(node)]

    def _join(self, source: str, target: str, label: str, kind: str = "next") -> None:
        edge_id = f"{source}->{target}" + (f" {label}" if label else "")
        self.found.append(Edge(edge_id, source, target, label, kind))
