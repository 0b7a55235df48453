"""Drawings of workflows: every step has its box, and no box lies on another."""

import random
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import pytest

from dashboard.viewmodels.flow import Flow, Node, flow_of, node_of
from dashboard.viewmodels.flow_parts import branch
from symphony_core.orchestration.templates import GALLERY
from symphony_core.orchestration.templates.base import Template

KINDS = ("task", "task", "task", "conditional", "parallel", "loop", "approval")


def tree(chance: random.Random, depth: int, most: int = 4) -> list[dict[str, Any]]:
    """Steps of every kind, nested at random."""
    return [step(chance, depth) for _ in range(chance.randint(0 if depth < 4 else 1, most))]


def step(chance: random.Random, depth: int) -> dict[str, Any]:
    kind = chance.choice(KINDS) if depth else "task"
    made = a(f"s{chance.randrange(10**9)}", kind)
    if kind == "conditional":
        made |= {"if_branch": tree(chance, depth - 1), "else_branch": tree(chance, depth - 1)}
    elif kind in ("parallel", "loop"):
        made["steps"] = tree(chance, depth - 1, 6)
    return made


def ids(steps: Any, way: str = "") -> Iterator[str]:
    for each in branch(steps):
        node = f"{way}{each['id']}"
        yield node
        for name in ("steps", "if_branch", "else_branch"):
            yield from ids(each.get(name), f"{node}/")


def holds(outer: Node, inner: Node) -> bool:
    return (
        outer.x <= inner.x
        and outer.y < inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def overlap(one: Node, other: Node) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def check(flow: Flow, steps: list[dict[str, Any]]) -> None:
    nodes = {node.id: node for node in flow.nodes}
    assert sorted(nodes) == sorted(ids(steps))
    assert len(nodes) == len(flow.nodes)
    for one, other in combinations(flow.nodes, 2):
        if overlap(one, other):  # only what lies in a frame lies on it
            inner, outer = (one, other) if one.width < other.width else (other, one)
            assert inner.id.startswith(f"{outer.id}/")
    for node in flow.nodes:
        assert 0 <= node.x <= flow.width - node.width
        assert 0 <= node.y <= flow.height - node.height
        assert node.parent is None or holds(nodes[node.parent], node)
    assert len({edge.id for edge in flow.edges}) == len(flow.edges)
    assert all(edge.source in nodes and edge.target in nodes for edge in flow.edges)


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("seed", range(25))
def test_boxes_stand_apart_and_in_their_frames(seed: int, direction: str) -> None:
    steps = tree(random.Random(seed), 4)
    check(flow_of(steps, direction=direction), steps)


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_every_template_is_drawn(template: Template) -> None:
    steps = [step.to_dict() for step in template.build().get_steps()]
    check(flow_of(steps, wide=300), steps)


def a(step_id: str, kind: str = "task", **fields: Any) -> dict[str, Any]:
    asked = {"task_template": {"input_data": {"query": "Why?"}}} if kind == "task" else {}
    return {"id": step_id, "type": kind, "name": step_id, **asked, **fields}


def arrows(flow: Flow) -> list[tuple[str, str, str, str]]:
    return [(edge.source, edge.label, edge.target, edge.kind) for edge in flow.edges]


def test_branches_are_labelled_and_join_again() -> None:
    ways = {"if_branch": [a("b"), a("c")], "else_branch": None}
    steps = [a("a"), a("if", "conditional", **ways), a("d")]
    assert arrows(flow_of(steps)) == [
        ("a", "", "if", "next"),
        ("if", "Yes", "if/b", "next"),
        ("if/b", "", "if/c", "next"),
        ("if/c", "", "d", "next"),
        ("if", "No", "d", "next"),
    ]


def test_a_loop_leads_back_to_its_first_step() -> None:
    loop = a("loop", "loop", steps=[a("a"), a("b")], max_iterations=3)
    flow = flow_of([loop, a("end")])
    assert ("loop/b", "", "loop/a", "back") in arrows(flow)
    assert ("loop", "", "end", "next") in arrows(flow)
    assert flow.nodes[0].detail == "up to 3 turns"


def test_steps_side_by_side_have_no_arrows_between_them() -> None:
    lanes = a("both", "parallel", steps=[a("left"), a("right")])
    flow = flow_of([lanes, a("end")], direction="TB")
    assert arrows(flow) == [("both", "", "end", "next")]
    _, left, right, _ = flow.nodes
    assert left.y == right.y
    assert left.x + left.width < right.x


def test_the_direction_is_the_one_that_can_be_shown_larger() -> None:
    assert flow_of([a("a"), a("b"), a("c")], wide=900).direction == "LR"
    assert flow_of([a("a"), a("b"), a("c")], wide=300).direction == "TB"
    assert flow_of([a(f"s{n}") for n in range(300)], wide=900).direction == "TB"


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"type": "approval"}, "asks you"),
        ({"type": "parallel", "steps": [a("x"), a("y")]}, "2 steps side by side"),
        ({"type": "conditional", "condition": "step.kind.result == 'x'"}, "result == 'x'"),
        ({"type": "Weather"}, "Weather"),
    ],
)
def test_a_box_says_what_its_step_does(fields: Mapping[str, Any], detail: str) -> None:
    assert flow_of([{"id": "a", "name": "A", **fields}]).nodes[0].detail == detail


def test_a_question_is_told_by_its_first_own_words() -> None:
    query = "{{step.x.result}}\n\nWrite about {{topic}}."
    task = a("a", task_template={"input_data": {"query": query}})
    assert flow_of([task]).nodes[0].detail == "Write about ‹topic›."


def test_turns_share_their_node() -> None:
    assert node_of("refine#12/draft#1/x") == "refine/draft/x"
