"""Graphs of workflows: every step has its place, and nothing stands on anything else."""

import random
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise, product
from typing import Any

import pytest

from dashboard.viewmodels.flow import Flow, Node, flow_of
from symphony_core.orchestration.templates import GALLERY

Step = dict[str, Any]

DIRECTIONS = ("TB", "LR")
NAMES = ["A", "Draft the text", "W" * 200, "\N{OGHAM SPACE MARK}x\n" * 9, "<b>&amp;</b>", "終" * 90]


def task(id: str, **more: Any) -> Step:
    return {"type": "task", "id": id, "name": id.title(), **more}


def group(kind: str, id: str, *steps: Step, **more: Any) -> Step:
    return {"type": kind, "id": id, "name": id.title(), "steps": list(steps), **more}


def choice(id: str, yes: Any, no: Any = None, condition: str = "True") -> Step:
    ways = {"if_branch": yes, "else_branch": no, "condition": condition}
    return {"type": "conditional", "id": id, "name": id.title(), **ways}


def inner(step: Step) -> list[Step]:
    parts = [step.get(name) or () for name in ("steps", "if_branch", "else_branch")]
    return [each for part in parts for each in ([part] if isinstance(part, dict) else part)]


def ids_of(steps: list[Step], within: str = "") -> Iterator[str]:
    for step in steps:
        yield f"{within}{step['id']}"
        yield from ids_of(inner(step), f"{within}{step['id']}/")


def random_steps(seed: int) -> list[Step]:
    """A tree of steps of any type, some without anything inside."""
    dice, number = random.Random(seed), iter(range(10_000))

    def step(depth: int) -> Step:
        kinds = ["task", "approval", "Own"] + ["conditional", "parallel", "loop"] * (depth < 4)
        kind = dice.choice(kinds)
        made: Step = {"type": kind, "id": f"s{next(number)}", "name": dice.choice(NAMES)}
        if kind == "conditional":
            no = dice.choice([None, []]) or sequence(depth + 1)
            made |= {"condition": "a > 1", "if_branch": sequence(depth + 1), "else_branch": no}
            if len(made["if_branch"]) == 1:
                made["if_branch"] = made["if_branch"][0]
        elif kind in ("parallel", "loop"):
            made["steps"] = sequence(depth + 1, most=9 if kind == "parallel" else 3)
        return made

    def sequence(depth: int, most: int = 3) -> list[Step]:
        return [step(depth) for _ in range(dice.randint(0, most))]

    return sequence(0, most=6)


def holds(outer: Node, inner: Node) -> bool:
    return (
        outer.x < inner.x
        and outer.y < inner.y
        and inner.x + inner.width < outer.x + outer.width
        and inner.y + inner.height < outer.y + outer.height
    )


def overlap(one: Node, other: Node) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)


def check(flow: Flow, steps: list[Step]) -> None:
    nodes = {node.id: node for node in flow.nodes}
    assert sorted(node.id for node in flow.nodes) == sorted(ids_of(steps))
    for node in flow.nodes:
        assert min(node.x, node.y) >= 0
        assert node.x + node.width <= flow.width
        assert node.y + node.height <= flow.height
        assert node.parent is None or holds(nodes[node.parent], node)
    for one, other in combinations(flow.nodes, 2):
        assert not overlap(one, other) or holds(one, other) or holds(other, one)
    frames = [node for node in flow.nodes if node.kind in ("parallel", "loop")]
    for frame, node in product(frames, flow.nodes):
        assert holds(frame, node) == (frame.id in around(nodes, node))
    assert len({edge.id for edge in flow.edges}) == len(flow.edges)
    ways = [(edge.source, edge.target, edge.kind) for edge in flow.edges]
    assert len(set(ways)) == len(ways)
    for edge in flow.edges:
        assert nodes[edge.source].parent == nodes[edge.target].parent
        assert edge.kind == "back" or is_ahead(nodes[edge.source], nodes[edge.target], flow)


def around(nodes: Mapping[str, Node], node: Node) -> Iterator[str]:
    while node.parent is not None:
        yield node.parent
        node = nodes[node.parent]


def is_ahead(source: Node, target: Node, flow: Flow) -> bool:
    if flow.direction == "TB":
        return source.y + source.height < target.y
    return source.x + source.width < target.x


def ways(flow: Flow) -> list[tuple[str, str, str, str]]:
    return sorted((edge.source, edge.target, edge.label, edge.kind) for edge in flow.edges)


def node(flow: Flow, id: str) -> Node:
    return next(node for node in flow.nodes if node.id == id)


@pytest.mark.parametrize("seed", range(150))
def test_whatever_the_workflow_nothing_overlaps_and_nothing_is_lost(seed: int) -> None:
    steps = random_steps(seed)
    for direction in DIRECTIONS:
        flow = flow_of(steps, direction=direction)
        assert flow.direction == direction
        check(flow, steps)


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_template_can_be_drawn(template: Any, direction: str) -> None:
    steps = template.build().to_dict()["steps"]
    check(flow_of(steps, direction=direction), steps)


def test_steps_follow_each_other_on_one_line() -> None:
    steps = [task("a"), task("b"), task("c")]
    down, right = (flow_of(steps, direction=each) for each in DIRECTIONS)
    assert ways(down) == [("a", "b", "", "next"), ("b", "c", "", "next")]
    assert len({each.x for each in down.nodes}) == 1
    assert len({each.y for each in right.nodes}) == 1
    assert right.width > down.width


def test_parallel_steps_stand_beside_each_other_in_a_frame() -> None:
    steps = [task("a"), group("parallel", "p", task("x"), task("y"), task("z")), task("b")]
    flow = flow_of(steps)
    lanes = [node(flow, f"p/{name}") for name in "xyz"]
    assert {lane.parent for lane in lanes} == {"p"}
    assert len({lane.y for lane in lanes}) == 1
    assert all(left.x + left.width < right.x for left, right in pairwise(lanes))
    assert ways(flow) == [("a", "p", "", "next"), ("p", "b", "", "next")]


def test_a_loop_is_a_frame_with_a_way_back() -> None:
    steps = [group("loop", "mend", task("x"), task("y"), max_iterations=3), task("b")]
    flow = flow_of(steps)
    assert node(flow, "mend").detail == "up to 3 turns"
    assert ways(flow) == [
        ("mend", "b", "", "next"),
        ("mend/x", "mend/y", "", "next"),
        ("mend/y", "mend/x", "", "back"),
    ]


def test_a_loop_over_one_step_leads_from_it_to_itself() -> None:
    flow = flow_of([group("loop", "mend", task("x"))])
    assert ways(flow) == [("mend/x", "mend/x", "", "back")]


def test_the_ways_of_a_choice_lie_beside_each_other_and_meet_again() -> None:
    steps = [choice("hard", [task("a"), task("b")], task("c")), task("d")]
    flow = flow_of(steps)
    assert ways(flow) == [
        ("hard", "hard/a", "Yes", "next"),
        ("hard", "hard/c", "No", "next"),
        ("hard/a", "hard/b", "", "next"),
        ("hard/b", "d", "", "next"),
        ("hard/c", "d", "", "next"),
    ]
    yes, no = node(flow, "hard/a"), node(flow, "hard/c")
    assert yes.x + yes.width < no.x
    assert yes.y == no.y


@pytest.mark.parametrize("nothing", [None, []])
def test_a_way_without_steps_leads_past_the_other(nothing: Any) -> None:
    flow = flow_of([choice("hard", task("a"), nothing), task("d")])
    assert ways(flow) == [
        ("hard", "d", "No", "next"),
        ("hard", "hard/a", "Yes", "next"),
        ("hard/a", "d", "", "next"),
    ]
    done = node(flow, "hard/a")
    assert done.x == 0
    assert flow.width > done.x + done.width


def test_a_choice_between_nothing_and_nothing_leads_on() -> None:
    assert ways(flow_of([choice("hard", []), task("d")])) == [("hard", "d", "", "next")]


@pytest.mark.parametrize("kind", ["parallel", "loop"])
def test_a_group_without_steps_is_a_box(kind: str) -> None:
    steps = [group(kind, "empty"), task("a")]
    assert ways(flow_of(steps)) == [("empty", "a", "", "next")]
    check(flow_of(steps), steps)


def test_a_workflow_without_steps_is_empty() -> None:
    flow = flow_of([])
    assert (flow.nodes, flow.edges, flow.width, flow.height) == ((), (), 0, 0)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_fifty_lanes_are_broken_into_lines(direction: str) -> None:
    steps = [group("parallel", "all", *[task(f"e{i}") for i in range(50)])]
    flow = flow_of(steps, direction=direction)
    check(flow, steps)
    assert max(flow.width, flow.height) < 3 * min(flow.width, flow.height)
    assert flow.height < 2000


def test_a_long_workflow_goes_down_where_it_must_fit_a_width() -> None:
    steps = [task(f"s{i}") for i in range(300)]
    flow = flow_of(steps, wide=900)
    assert flow.direction == "TB"
    assert flow.width < 900
    check(flow, steps)


def test_a_short_workflow_goes_to_the_right_where_there_is_room() -> None:
    steps = [task("a"), task("b"), task("c")]
    assert flow_of(steps, wide=900).direction == "LR"
    assert flow_of(steps, wide=340).direction == "TB"
    assert flow_of(steps).direction == "TB"


def test_where_there_is_little_width_lanes_stand_above_each_other() -> None:
    steps = [group("parallel", "ask", *[task(f"e{i}") for i in range(3)]), task("sum")]
    flow = flow_of(steps, wide=252)
    assert flow.width == 252
    assert len({node(flow, f"ask/e{i}").x for i in range(3)}) == 1
    check(flow, steps)


def test_many_lanes_stay_beside_each_other_where_they_can_be_read() -> None:
    steps = [group("parallel", "all", *[task(f"e{i}") for i in range(50)])]
    assert flow_of(steps, wide=900).height < 900
    assert flow_of(steps, wide=216).height < 900


def test_what_a_frames_title_has_no_room_for_is_left_out_whole() -> None:
    loop = group("loop", "a", task("x"), max_iterations=3, exit_condition="step.result == '7'")
    assert node(flow_of([loop | {"name": "Mend the text"}]), "a").detail == "up to 3 turns"
    assert node(flow_of([loop | {"name": "Mend it again " * 4}]), "a").detail == ""


def test_deep_nesting_is_drawn() -> None:
    step = task("leaf")
    for depth in range(60):
        step = group("loop", f"l{depth}", step) if depth % 2 else choice(f"c{depth}", step)
    check(flow_of([step]), [step])


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (task("a", agent_id="a1"), "Editor"),
        (task("a", agent_id="gone", description="Reads it"), "Reads it"),
        (task("a", answer_choices=["good", "bad"]), "good / bad"),
        (task("a", agent_id=None), ""),
        ({"type": "Own", "id": "a", "name": "A", "description": "Ours"}, "Ours"),
        ({"type": "approval", "id": "a", "name": "A", "message": "Well?"}, "asks you"),
        (choice("a", [], condition="step.score.result > 7"), "if Rate the text > 7"),
        (choice("a", [], condition="'step.score.result' == x"), "if 'step.score.result' == x"),
        (choice("a", [], condition="'ok' in step.result.strip().lower()"), "if 'ok' in result"),
        (choice("a", [], condition="step.score.note == 'no'"), "if Rate the text note == 'no'"),
        (group("loop", "a", max_iterations=1), "up to 1 turn"),
        (
            group("loop", "a", task("x"), max_iterations=3, exit_condition="step.result == '7'"),
            "up to 3 turns, until result == '7'",
        ),
        (group("parallel", "a", task("x"), task("y"), max_concurrency=1), "1 at a time"),
        (group("parallel", "a", task("x"), task("y"), max_concurrency=2), "side by side"),
    ],
)
def test_a_step_says_what_it_is_about(step: Step, words: str) -> None:
    steps = [{"type": "task", "id": "score", "name": "Rate the text"}, step]
    assert node(flow_of(steps, agents={"a1": "Editor"}), "a").detail == words


def test_long_names_are_cut() -> None:
    flow = flow_of([{"type": "task", "id": "a", "name": "word " * 40, "description": "x" * 400}])
    assert len(flow.nodes[0].label) <= 44
    assert len(flow.nodes[0].detail) <= 60
