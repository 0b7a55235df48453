"""What a dead process left is taken over soon; what a living one does is left alone."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import pytest

from tests.faults.conftest import NewStory
from tests.support.processes import end, start_worker
from tests.support.subjects import Stored, Story
from tests.support.tale import questions
from tests.support.truth import Witness, context_of, numbers_of, the_run

pytestmark = pytest.mark.long

TAKEN_WITHIN = 10.0  # seconds after a worker has died and another is there
LONGER_THAN_A_LEASE = 9.0
SEVERAL_HEARTBEATS = 3.0

Worker = subprocess.Popen[bytes]


@contextmanager
def workers(story: Story) -> Iterator[Callable[[], Worker]]:
    """A function that starts workers for the time of a test."""
    started: list[Worker] = []

    def start() -> Worker:
        started.append(start_worker(**story.environment))
        return started[-1]

    try:
        yield start
    finally:
        for worker in started:
            end(worker)


def start_run(story: Story) -> None:
    process = story.subject("start")
    process.hear("id")
    process.kill()


def is_taken_over(stored: Stored) -> bool:
    return any(event["type"] == "run_resumed" for event in stored["events"])


def check_takeover(story: Story, since: float) -> None:
    story.until(is_taken_over)
    assert time.monotonic() - since < TAKEN_WITHIN


def is_complete(stored: Stored) -> bool:
    return bool(the_run(stored)["status"] == "completed")


def killed(story: Story) -> tuple[Witness, Stored]:
    """A worker is killed in the middle; another, which is there, finishes its run."""
    witness = Witness(story)
    with workers(story) as start_a_worker:
        start_run(story)
        first, hold = start_a_worker(), story.hold("check")
        story.wait_for("check")
        start_a_worker()
        story.wait_for_workers(2)
        first.kill()
        first.wait()
        dead_since = time.monotonic()
        hold.release()
        witness.crashed(story.stored())
        check_takeover(story, dead_since)
        return witness, story.until(is_complete)


def alive(story: Story) -> tuple[Witness, Stored]:
    """Two workers, of which one waits for an answer for longer than a lease lasts."""
    with workers(story) as start_a_worker:
        hold = story.hold("check")
        start_a_worker()
        start_a_worker()
        start_run(story)
        story.wait_for("check")
        time.sleep(LONGER_THAN_A_LEASE)
        hold.release()
        return Witness(story), story.until(is_complete)


def freeze(story: Story, worker: Worker) -> None:
    """Stop a worker where it does not write, for then it would keep everybody from writing."""
    database = sqlite3.connect(story.folder / "symphony.db", timeout=1, isolation_level=None)
    with closing(database):
        for _ in range(20):
            os.kill(worker.pid, signal.SIGSTOP)
            os.waitpid(worker.pid, os.WUNTRACED)
            with suppress(sqlite3.OperationalError):
                database.execute("BEGIN IMMEDIATE")
                return
            os.kill(worker.pid, signal.SIGCONT)
    raise AssertionError("always in the middle of a write")


def frozen(story: Story) -> tuple[Witness, Stored, Stored]:
    """A worker is stopped, another finishes its run, and the first goes on as if nothing was."""
    witness = Witness(story)
    with workers(story) as start_a_worker:
        start_run(story)
        first, hold = start_a_worker(), story.hold("check")
        story.wait_for("check")
        freeze(story, first)
        witness.crashed(story.stored())
        start_a_worker()
        story.wait_for_workers(2)
        check_takeover(story, time.monotonic())
        story.until(lambda _: story.asked()["check"] == 2)
        hold.release()
        ended = story.until(is_complete)
        os.kill(first.pid, signal.SIGCONT)
        time.sleep(SEVERAL_HEARTBEATS)
        assert first.poll() is None
        return witness, ended, story.stored()


Happening = dict[str, "Future[tuple[Witness, Stored] | tuple[Witness, Stored, Stored]]"]


@pytest.fixture(scope="module")
def happening(new_story: NewStory) -> Iterator[Happening]:
    """What the tests look at; these are mostly waiting for leases, so they wait together."""
    scenes = (killed, alive, frozen)
    with ThreadPoolExecutor(len(scenes)) as threads:
        yield {scene.__name__: threads.submit(scene, new_story(scene.__name__)) for scene in scenes}


def test_a_killed_workers_run_is_taken_over_within_ten_seconds(
    happening: Happening, undisturbed: dict[str, object]
) -> None:
    witness, stored, *_ = happening["killed"].result()
    witness.check(stored, undisturbed)
    assert witness.story.asked() == {**dict.fromkeys(questions(), 1), "check": 2}


def test_a_living_workers_run_is_never_taken(
    happening: Happening, undisturbed: dict[str, object]
) -> None:
    witness, stored, *_ = happening["alive"].result()
    witness.check(stored, undisturbed)
    assert witness.story.asked() == dict.fromkeys(questions(), 1)
    started = [event["type"] for event in stored["events"] if event["path"] is None]
    assert started == ["run_created", "run_started", "run_completed"]


def test_a_frozen_worker_changes_nothing_when_it_wakes_up(
    happening: Happening, undisturbed: dict[str, object]
) -> None:
    witness, stored, *later = happening["frozen"].result()
    witness.check(stored, undisturbed)
    assert later == [stored]
    assert witness.story.asked() == {**dict.fromkeys(questions(), 1), "check": 2}


@pytest.mark.parametrize("turn", range(4))
def test_of_two_that_go_on_with_a_run_at_once_one_does(
    turn: int, new_story: NewStory, undisturbed: dict[str, object]
) -> None:
    story = new_story(f"barrier-{turn}")
    start_run(story)
    both = [story.subject("resume") for _ in range(2)]
    for process in both:
        process.ready()
    for process in both:
        process.go()
    assert sorted(process.hear("outcome") for process in both) == ["LeaseLost", "completed"]
    for process in both:
        process.gone()
    stored = story.stored()
    assert story.asked() == dict.fromkeys(questions(), 1)
    assert context_of(stored) == undisturbed
    assert numbers_of(stored) == list(range(1, len(stored["events"]) + 1))


def test_one_that_goes_on_with_a_run_under_way_is_refused(
    new_story: NewStory, undisturbed: dict[str, object]
) -> None:
    story = new_story("under-way")
    hold = story.hold("check")
    process = story.run()
    story.wait_for("check")
    late = story.subject("resume")
    late.ready()
    late.go()
    assert late.hear("outcome") == "LeaseLost"
    hold.release()
    stored = process.ended()
    assert stored is not None
    Witness(story).check(stored, undisturbed)
    assert story.asked() == dict.fromkeys(questions(), 1)
