"""A run whose process is killed at any moment, again and again, goes on and tells the truth."""

import random
import time
from typing import Any

import pytest

from symphony_core.orchestration.leases import STALE_DEAD_SECONDS
from tests.faults.conftest import NewStory
from tests.support.subjects import Subject
from tests.support.truth import Witness

pytestmark = pytest.mark.long

SEED = 4711
LONGEST = 3.0  # seconds until a kill; a run beside nine others takes about as long


class Victim:
    """A run with its own series of random kills, known by its number."""

    def __init__(self, number: int, new_story: NewStory) -> None:
        self.name = f"victim-{number}"
        self._random = random.Random(f"{SEED}-{number}")
        self._witness = Witness(new_story(self.name))
        self._process: Subject | None = None
        self.delays: list[float] = []

    def set_out(self) -> float:
        """Let a process go on, and return in how many seconds it is to be killed.

        One that has to take the run over waits until its last owner is dead beyond doubt.
        """
        self._process = self._witness.story.subject("finish")
        stored = self._process.ready()
        waits = STALE_DEAD_SECONDS if self.delays else 0.0
        if self.delays:
            self._witness.crashed(stored)
        self._process.go()
        delay = self._random.uniform(0, LONGEST)
        self.delays.append(round(delay, 3))
        return waits + delay

    def kill(self) -> None:
        """Kill the process, if it has not ended before."""
        assert self._process is not None
        self._process.kill()

    def finish(self, context: dict[str, Any]) -> None:
        """Wait for the run's end, and check it."""
        assert self._process is not None
        stored = self._process.ended()
        assert stored is not None
        self._witness.check(stored, context)


def torment(numbers: range, kills: int, new_story: NewStory, context: dict[str, Any]) -> None:
    """Kill several runs so many times each, all of them at once, and let them end."""
    victims = [Victim(number, new_story) for number in numbers]
    for _ in range(kills):
        due = sorted(
            (time.monotonic() + victim.set_out(), victim.name, victim) for victim in victims
        )
        for moment, _, victim in due:
            time.sleep(max(0.0, moment - time.monotonic()))
            victim.kill()
    for victim in victims:
        victim.set_out()
    for victim in victims:
        try:
            victim.finish(context)
        except AssertionError as error:
            error.add_note(f"{victim.name}, killed after {victim.delays} s")
            raise


def test_a_run_survives_some_random_kills(new_story: NewStory, undisturbed: dict[str, Any]) -> None:
    torment(range(10), 1, new_story, undisturbed)


@pytest.mark.faults_long
def test_a_run_survives_two_hundred_random_kills(
    new_story: NewStory, undisturbed: dict[str, Any]
) -> None:
    for start in range(10, 50, 10):
        torment(range(start, start + 10), 5, new_story, undisturbed)
