"""Graphs that are edited: wherever something can be put in, there it appears."""

import copy
from itertools import combinations
from typing import Any

import pytest

from dashboard.viewmodels.flow import Flow, flow_of
from dashboard.viewmodels.places import Place
from tests.viewmodels.test_flow import (
    DIRECTIONS,
    Step,
    choice,
    group,
    holds,
    ids_of,
    inner,
    node,
    overlap,
    random_steps,
    task,
    ways,
)


def put(steps: list[Step], place: Place, new: Step) -> list[Step]:
    """The steps with another one at a place, as a document has them after it was edited."""
    after = copy.deepcopy(steps)
    if place.within is None:
        after.insert(place.index, new)
        return after
    owner = next(step for step in every(after) if step["id"] == place.within)
    held = owner.get(place.branch) or []
    owner[place.branch] = [held] if isinstance(held, dict) else held
    owner[place.branch].insert(place.index, new)
    return after


def every(steps: list[Step]) -> list[Step]:
    return [each for step in steps for each in (step, *every(inner(step)))]


def lists_of(steps: list[Step]) -> list[tuple[str | None, str, int, bool]]:
    """Every list of steps: whose it is, its name, its length, and whether it is one of lanes."""
    found: list[tuple[str | None, str, int, bool]] = [(None, "steps", len(steps), False)]
    for step in every(steps):
        names = {"conditional": ("if_branch", "else_branch")}.get(step["type"], ("steps",))
        if step["type"] in ("conditional", "parallel", "loop"):
            for name in names:
                held = step.get(name) or []
                length = 1 if isinstance(held, dict) else len(held)
                found.append((step["id"], name, length, step["type"] == "parallel"))
    return found


def spot_at(flow: Flow, place: Place) -> Any:
    return node(flow, next(id for id, each in flow.places.items() if each == place))


def centre(box: Any) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_workflow_with_places_is_drawn_whole_and_apart(seed: int, direction: str) -> None:
    steps = random_steps(seed)
    flow = flow_of(steps, direction=direction, editable=True)
    assert sorted(each.id for each in flow.nodes) == sorted([*ids_of(steps), *flow.places])
    for one, other in combinations(flow.nodes, 2):
        assert not overlap(one, other) or holds(one, other) or holds(other, one)
    nodes = {each.id: each for each in flow.nodes}
    for each in flow.nodes:
        assert each.parent is None or holds(nodes[each.parent], each)
        assert each.x >= 0 <= each.y
        assert each.x + each.width <= flow.width
        assert each.y + each.height <= flow.height
    assert len({edge.id for edge in flow.edges}) == len(flow.edges)


@pytest.mark.parametrize("seed", range(40))
def test_every_list_has_a_place_before_between_and_after_its_steps(seed: int) -> None:
    steps = random_steps(seed)
    flow = flow_of(steps, editable=True)
    expected = [
        Place(within, branch, index)
        for within, branch, length, are_lanes in lists_of(steps)
        for index in range(length if are_lanes else 0, length + 1)
    ]
    assert sorted(flow.places.values(), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_what_is_put_in_at_a_place_stands_there(seed: int, direction: str) -> None:
    steps = random_steps(seed)
    flow = flow_of(steps, direction=direction, editable=True)
    for id, place in flow.places.items():
        after = flow_of(put(steps, place, task("new")), direction=direction, editable=True)
        new = next(each for each in after.nodes if each.id.rpartition("/")[2] == "new")
        was = node(flow, id)
        assert new.parent == was.parent
        before, behind = neighbours(flow, id), neighbours(after, new.id)
        assert before == behind


def neighbours(flow: Flow, id: str) -> set[tuple[str, str]]:
    """The steps that ways lead from and to, whatever places stand between."""
    found = set()
    for there, here in (("source", "target"), ("target", "source")):
        queue = [id]
        for at in queue:
            ends = [edge for edge in flow.edges if getattr(edge, here) == at]
            for other in [getattr(edge, there) for edge in ends if edge.kind == "next"]:
                if other in flow.places:
                    queue.append(other)
                else:
                    found.add((there, other))
    return found


def test_the_way_leads_through_the_places() -> None:
    flow = flow_of([task("a"), task("b")], editable=True)
    assert ways(flow) == [
        ("a", "a+", "", "next"),
        ("a+", "b", "", "next"),
        ("b", "b+", "", "next"),
        ("steps++", "a", "", "next"),
    ]
    middle = {centre(each)[0] for each in flow.nodes}
    assert len(middle) == 1


def test_an_empty_way_and_an_empty_frame_have_room() -> None:
    steps = [choice("hard", task("a"), []), group("loop", "mend"), group("parallel", "all")]
    flow = flow_of(steps, editable=True)
    for place in (
        Place("hard", "else_branch", 0),
        Place("mend", "steps", 0),
        Place("all", "steps", 0),
    ):
        spot = spot_at(flow, place)
        assert (spot.width, spot.height) == (152, 40)
    assert holds(node(flow, "mend"), spot_at(flow, Place("mend", "steps", 0)))


def test_a_workflow_without_steps_has_one_place() -> None:
    flow = flow_of([], editable=True)
    assert [each.label for each in flow.nodes] == ["Add the first step"]
    assert list(flow.places.values()) == [Place(None, "steps", 0)]


def test_a_lane_is_added_beside_the_others() -> None:
    steps = [group("parallel", "all", *[task(f"e{i}") for i in range(3)])]
    flow = flow_of(steps, editable=True)
    spot, last = spot_at(flow, Place("all", "steps", 3)), node(flow, "all/e2")
    assert spot.label == "Add a step beside E2"
    assert spot.x > last.x + last.width
    assert spot.y == last.y
    narrow = flow_of(steps, wide=300, editable=True)
    assert spot_at(narrow, Place("all", "steps", 3)).y > node(narrow, "all/e2").y


def test_a_place_says_where_it_is() -> None:
    steps = [task("a"), choice("hard", [task("b")], []), group("loop", "mend")]
    flow = flow_of(steps, editable=True)
    assert {place: node(flow, id).label for id, place in flow.places.items()} == {
        Place(None, "steps", 0): "Add a step before A",
        Place(None, "steps", 1): "Add a step after A",
        Place(None, "steps", 2): "Add a step after Hard",
        Place(None, "steps", 3): "Add a step after Mend",
        Place("hard", "if_branch", 0): "Add a step before B",
        Place("hard", "if_branch", 1): "Add a step after B",
        Place("hard", "else_branch", 0): "Add a step to Hard: No",
        Place("mend", "steps", 0): "Add a step to Mend",
    }


def test_a_place_keeps_its_id_when_something_is_put_in_elsewhere() -> None:
    before = flow_of([task("a"), task("b")], editable=True)
    after = flow_of([task("new"), task("a"), task("b")], editable=True)
    assert set(before.places) < set(after.places)
