"""A run killed at the moments that matter goes on without asking again what was answered."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from symphony_core.orchestration.steps import SubWorkflowStep
from tests.faults.conftest import NewStory
from tests.support.processes import end, start_worker
from tests.support.subjects import Stored, Story
from tests.support.tale import ask, named, questions, tale, workflow
from tests.support.truth import Witness, answered, context_of, the_run

pytestmark = pytest.mark.long

SIDES, TURNS = 5, 4
DELIVERY = 0.3  # seconds in which an answer that was sent has certainly been read


@contextmanager
def nothing_can_be_saved(story: Story) -> Iterator[None]:
    """Keep the store's only write lock; whoever wants to save waits for it for some seconds."""
    with closing(sqlite3.connect(story.folder / "symphony.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def before_the_answer_is_saved(story: Story) -> None:
    hold = story.hold("facts")
    process = story.run()
    story.wait_for("facts")
    with nothing_can_be_saved(story):
        hold.release()
        time.sleep(DELIVERY)
        process.kill()


def after_the_answer_is_saved(story: Story) -> None:
    process = story.run()
    story.until(lambda stored: "facts" in answered(stored))
    process.kill()


def with_two_of_five_answered(story: Story) -> None:
    hold = story.hold("side1", "side3", "side4")
    process = story.run()
    story.until(lambda stored: {"side2", "side5"} <= answered(stored))
    story.wait_for("side1", "side3", "side4")
    process.kill()
    hold.release()


def in_the_third_turn(story: Story) -> None:
    hold = story.hold("turn after 2")
    process = story.run()
    story.wait_for("turn after 2")
    process.kill()
    hold.release()


MOMENTS: tuple[Callable[[Story], None], ...] = (
    before_the_answer_is_saved,
    after_the_answer_is_saved,
    with_two_of_five_answered,
    in_the_third_turn,
)


@pytest.fixture(scope="module")
def witnesses(new_story: NewStory) -> dict[str, Witness]:
    """A run killed at each moment; all at once, so that they wait together for their leases."""
    definition = tale(SIDES, TURNS)
    found = {moment: Witness(new_story(moment.__name__, definition)) for moment in MOMENTS}
    for moment, witness in found.items():
        moment(witness.story)
        witness.crashed(witness.story.stored())
    return {moment.__name__: witness for moment, witness in found.items()}


@pytest.fixture(scope="module")
def whole(new_story: NewStory) -> dict[str, Any]:
    """The context that the run ends with when nothing happens to it."""
    stored = new_story("whole", tale(SIDES, TURNS)).run().ended()
    assert stored is not None
    return context_of(stored)


def go_on(witness: Witness, context: dict[str, Any]) -> Stored:
    stored = witness.story.run().ended()
    assert stored is not None
    witness.check(stored, context)
    return stored


def attempts(stored: Stored) -> dict[str, int]:
    return {step["path"]: step["attempt"] for step in stored["steps"]}


def test_an_answer_that_was_not_saved_is_asked_for_again(
    witnesses: dict[str, Witness], whole: dict[str, Any]
) -> None:
    witness = witnesses["before_the_answer_is_saved"]
    assert "facts" not in answered(witness.story.stored())
    stored = go_on(witness, whole)
    assert witness.story.asked() == {**dict.fromkeys(questions(SIDES, TURNS), 1), "facts": 2}
    assert attempts(stored)["facts"] == 2


def test_an_answer_that_was_saved_is_not_asked_for_again(
    witnesses: dict[str, Witness], whole: dict[str, Any]
) -> None:
    witness = witnesses["after_the_answer_is_saved"]
    stored = go_on(witness, whole)
    assert witness.story.asked()["facts"] == 1
    assert attempts(stored)["facts"] == 1


def test_parallel_steps_that_were_done_are_not_repeated_and_keep_their_order(
    witnesses: dict[str, Witness], whole: dict[str, Any]
) -> None:
    witness = witnesses["with_two_of_five_answered"]
    stored = go_on(witness, whole)
    again = dict.fromkeys(("side1", "side3", "side4"), 2)
    assert witness.story.asked() == dict.fromkeys(questions(SIDES, TURNS), 1) | again
    rows = the_run(stored)["metadata"]["context"]["step.sides.results"]
    assert [row["id"] for row in rows] == ["side1", "side2", "side3", "side4", "side5"]


def test_a_loop_goes_on_in_the_turn_it_was_in(
    witnesses: dict[str, Witness], whole: dict[str, Any]
) -> None:
    witness = witnesses["in_the_third_turn"]
    stored = go_on(witness, whole)
    assert witness.story.asked() == {
        **dict.fromkeys(questions(SIDES, TURNS), 1),
        "turn after 2": 2,
    }
    turns = {path: n for path, n in attempts(stored).items() if path.startswith("refine#")}
    assert turns == {f"refine#{n}/turn": 2 if n == 3 else 1 for n in range(1, TURNS + 1)}
    assert the_run(stored)["metadata"]["context"]["step.refine"]["total_iterations"] == TURNS


def test_a_run_whose_starter_is_killed_as_it_says_so_is_finished_by_a_worker(
    new_story: NewStory, undisturbed: dict[str, Any]
) -> None:
    story = new_story("started")
    process = story.subject("start")
    run_id = process.hear("id")
    process.kill()
    worker = start_worker(**story.environment)
    try:
        stored = story.until(lambda stored: the_run(stored)["status"] == "completed")
    finally:
        end(worker)
    assert the_run(stored)["id"] == run_id
    Witness(story).check(stored, undisturbed)
    assert story.asked() == dict.fromkeys(questions(), 1)


def test_a_run_goes_on_within_a_workflow_that_is_one_of_its_steps(new_story: NewStory) -> None:
    inner = named(
        SubWorkflowStep("Tale", "tale", {"topic": "{{topic}}"}, definition=tale(5).to_dict()), "sub"
    )
    definition = workflow(ask("before", "?"), inner, ask("after", "{{step.sub.result}}"))
    stored = new_story("nested", definition).run().ended()
    assert stored is not None
    witness = Witness(new_story("nested-killed", definition))
    with_two_of_five_answered(witness.story)
    witness.crashed(witness.story.stored())
    stored = go_on(witness, context_of(stored))
    again = dict.fromkeys(("side1", "side3", "side4"), 2)
    expected = dict.fromkeys(["before", *questions(5), "after"], 1)
    assert witness.story.asked() == expected | again
    assert attempts(stored)["sub/sides/side3"] == 2
    assert attempts(stored)["sub/sides/side2"] == 1
