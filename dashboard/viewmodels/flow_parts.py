"""A workflow as a drawing: boxes with places and sizes, and the arrows between them.

Lengths are pixels at full size; x grows to the right, y downwards.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Step = Mapping[str, Any]


@dataclass(frozen=True)
class Node:
    """A step; its id is its path in a run, without the turns of loops."""

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
    """An arrow; one of the kind `back` leads to the first step of a loop's next turn."""

    id: str
    source: str
    target: str
    label: str
    kind: str


@dataclass(frozen=True)
class Flow:
    """A whole drawing; `direction` is `TB`, from the top to the bottom, or `LR`."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float
    direction: str


@dataclass(frozen=True)
class Mark:
    """How a step stands; `status` is a key of the theme's table."""

    status: str
    detail: str
    is_live: bool


def node_of(path: str) -> str:
    """Return the id of the node that stands for a path of a run."""
    return re.sub(r"#\d+", "", path)


def branch(steps: Step | Sequence[Step] | None) -> Sequence[Step]:
    """Return a branch's steps: it may be none, one or several."""
    if not steps:
        return []
    return [steps] if isinstance(steps, Mapping) else steps
