"""A run killed at any of its writes goes on in a new process, and tells the truth."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import NewStory
from tests.support.kill_points import KillPoint, counted, killed_at, spread
from tests.support.subjects import Story, Subject
from tests.support.truth import Witness

pytestmark = pytest.mark.long

SOME = 12  # of the points, in the normal suite


@pytest.fixture(scope="module")
def points(new_story: NewStory, tmp_path_factory: pytest.TempPathFactory) -> list[KillPoint]:
    """All points at which a run can be killed once its store is open."""
    log: Path = tmp_path_factory.mktemp("strace") / "log"
    process = new_story("counted").subject("finish")
    process.ready()
    with counted(process.pid, log) as points:
        process.go()
        assert process.ended()
    return points


def kill(story: Story, point: KillPoint) -> bool:
    """Start the story and tell whether that killed it."""
    process = story.subject("finish")
    process.ready()
    with killed_at(process.pid, point):
        process.go()
        return process.ended() is None


def set_out(witness: Witness, killed: bool) -> Subject:
    process = witness.story.subject("finish")
    found = process.ready()
    if killed:
        witness.crashed(found)
    process.go()
    return process


def arrive(witness: Witness, process: Subject, context: dict[str, Any]) -> None:
    stored = process.ended()
    assert stored is not None
    witness.check(stored, context)


def check(points: list[KillPoint], new_story: NewStory, context: dict[str, Any]) -> int:
    """Kill one run at each point, let all go on at once, and return how many points did kill.

    What is written together differs with what else the machine does, so the last ones may not come.
    """
    witnesses = {point: Witness(new_story(f"{point.call}-{point.n}")) for point in points}
    killed = {point: kill(witness.story, point) for point, witness in witnesses.items()}
    under_way = {point: set_out(witness, killed[point]) for point, witness in witnesses.items()}
    for point, process in under_way.items():
        try:
            arrive(witnesses[point], process, context)
        except AssertionError as error:
            error.add_note(f"killed at: {point}")
            raise
    return sum(killed.values())


def test_a_run_survives_a_kill_at_some_of_its_writes(
    points: list[KillPoint], new_story: NewStory, undisturbed: dict[str, Any]
) -> None:
    some = spread(points, SOME)
    assert check(some, new_story, undisturbed) >= 0.5 * len(some)


@pytest.mark.faults_long
def test_a_run_survives_a_kill_at_any_of_its_writes(
    points: list[KillPoint], new_story: NewStory, undisturbed: dict[str, Any]
) -> None:
    some = set(spread(points, SOME))
    rest = [point for point in points if point not in some]
    batches = [rest[start : start + 20] for start in range(0, len(rest), 20)]
    assert sum(check(batch, new_story, undisturbed) for batch in batches) >= 0.8 * len(rest)
