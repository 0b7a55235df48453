"""A workflow as a drawing, and how the steps of a run stand in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.viewmodels.flow_edges import edges_of
from dashboard.viewmodels.flow_layout import Layout
from dashboard.viewmodels.flow_marks import marks_of
from dashboard.viewmodels.flow_parts import Edge, Flow, Mark, Node, node_of

__all__ = ["Edge", "Flow", "Mark", "Node", "flow_of", "marks_of", "node_of"]


def flow_of(
    steps: Sequence[Mapping[str, Any]], *, direction: str | None = None, wide: float | None = None
) -> Flow:
    """Draw the steps of a definition.

    Without a direction it is the one that can be shown larger in `wide` pixels, across where both
    can, because that takes less height; from the top to the bottom where no width is given.
    """
    if direction is not None or wide is None:
        return _drawn(steps, direction or "TB")
    across, down = _drawn(steps, "LR"), _drawn(steps, "TB")
    return across if _zoom(across, wide) >= _zoom(down, wide) else down


def _drawn(steps: Sequence[Mapping[str, Any]], direction: str) -> Flow:
    block = Layout(direction).sequence(steps)
    return Flow(block.nodes, edges_of(steps), block.width, block.height, direction)


def _zoom(flow: Flow, wide: float) -> float:
    return min(1.0, wide / flow.width) if flow.width else 1.0
