"""Whatever a step raises, its run ends or is handed back, and says why."""

import pytest

from symphony_core.orchestration.steps import ParallelStep
from tests.faults.conftest import NewStory
from tests.support.odd_steps import RaisingStep
from tests.support.subjects import Stored
from tests.support.tale import ask, named, workflow
from tests.support.truth import numbers_of, the_run


def run_with(kind: str, new_story: NewStory, purpose: str) -> Stored:
    """Run three steps of which the second raises this, in a process that it may end."""
    steps = (ask("plan", "?"), named(RaisingStep("Raise", kind), "raise"), ask("end", "?"))
    story = new_story(f"{purpose}-{kind}", workflow(*steps))
    story.subject("endure").gone()
    assert story.asked() == {"plan": 1}
    return story.stored()


def check_stored(stored: Stored, cause: str) -> None:
    """Check that the failure is kept with its step, attempt and cause, and the rest intact."""
    rows = {step["path"]: step for step in stored["steps"]}
    assert rows["plan"]["status"] == "completed"
    assert rows["plan"]["output"].startswith("plan says")
    assert rows["raise"]["attempt"] == 1
    assert rows["raise"]["status"] in ("failed", "cancelled")
    assert cause in (rows["raise"]["error"] or "")
    assert "end" not in rows
    assert numbers_of(stored) == list(range(1, len(stored["events"]) + 1))


@pytest.mark.parametrize("kind", ["ValueError", "MemoryError", "RecursionError"])
def test_an_error_fails_the_run(kind: str, new_story: NewStory) -> None:
    stored = run_with(kind, new_story, "error")
    cause = "maximum recursion depth" if kind == "RecursionError" else f"the {kind} of the step"
    check_stored(stored, cause)
    assert the_run(stored)["status"] == "failed"
    assert the_run(stored)["error"].startswith("Step 'Raise' failed: ")


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "SystemExit", "CancelledError"])
def test_a_step_that_stops_the_program_leaves_no_run_running(
    kind: str, new_story: NewStory
) -> None:
    assert the_run(run_with(kind, new_story, "stop"))["status"] in ("failed", "pending")


@pytest.mark.parametrize("kind", ["GeneratorExit", "Catastrophe"])
def test_what_no_step_should_raise_leaves_no_run_running(kind: str, new_story: NewStory) -> None:
    assert the_run(run_with(kind, new_story, "odd"))["status"] in ("failed", "pending")


@pytest.mark.parametrize(
    "kind", ["KeyboardInterrupt", "SystemExit", "CancelledError", "GeneratorExit", "Catastrophe"]
)
def test_what_stopped_a_step_is_stored_with_it(kind: str, new_story: NewStory) -> None:
    check_stored(run_with(kind, new_story, "cause"), kind)


def test_an_interrupt_in_one_of_several_steps_side_by_side_hands_the_run_back(
    new_story: NewStory,
) -> None:
    raising = named(RaisingStep("Raise", "KeyboardInterrupt"), "raise")
    both = named(ParallelStep("Both", [raising, ask("other", "?")]), "both")
    story = new_story("interrupt-beside", workflow(ask("plan", "?"), both))
    story.subject("endure").gone()
    stored = story.stored()
    assert the_run(stored)["status"] == "pending"
    rows = {step["path"]: step for step in stored["steps"]}
    assert rows["both/raise"]["status"] == "cancelled"
    assert "KeyboardInterrupt" in rows["both/raise"]["error"]
    assert numbers_of(stored) == list(range(1, len(stored["events"]) + 1))
