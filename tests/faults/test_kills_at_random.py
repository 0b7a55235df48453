"""A run whose process is killed at any moment, again and again, goes on and tells the truth."""

import random
import time
from typing import Any

import pytest

from tests.faults.conftest import NewStory
from tests.support.truth import Witness

SEED = 4711
LONGEST = 1.0  # seconds until a kill; an undisturbed run takes about as long


class Victim:
    """A run with its own series of random kills, known by its number."""

    def __init__(self, number: int, new_story: NewStory) -> None:
        self.name = f"victim-{number}"
        self._random = random.Random(f"{SEED}-{number}")
        self._witness = Witness(new_story(self.name))
        self._delays: list[float] = []

    def kill(self) -> None:
        """Let a process go on for a random time, and kill it."""
        delay = self._random.uniform(0, LONGEST)
        process = self._witness.story.subject("finish")
        self._look(process.ready())
        process.go()
        time.sleep(delay)
        process.kill()
        self._delays.append(round(delay, 3))

    def finish(self, context: dict[str, Any]) -> None:
        """Let a process go on to the end, and check the run."""
        process = self._witness.story.subject("finish")
        self._look(process.ready())
        process.go()
        stored = process.ended()
        assert stored is not None
        self._witness.check(stored, context)

    def _look(self, stored: Any) -> None:
        if self._delays:
            self._witness.crashed(stored)

    def note(self, error: AssertionError) -> None:
        error.add_note(f"seed {SEED}, {self.name}, killed after {self._delays} s")


def torment(numbers: range, kills: int, new_story: NewStory, context: dict[str, Any]) -> None:
    """Kill each of these runs so many times, in turns, so that they wait together for their leases."""
    victims = [Victim(number, new_story) for number in numbers]
    for turn in range(kills + 1):
        for victim in victims:
            try:
                victim.kill() if turn < kills else victim.finish(context)
            except AssertionError as error:
                victim.note(error)
                raise


def test_a_run_survives_some_random_kills(new_story: NewStory, undisturbed: dict[str, Any]) -> None:
    torment(range(10), 1, new_story, undisturbed)


@pytest.mark.faults_long
def test_a_run_survives_two_hundred_random_kills(
    new_story: NewStory, undisturbed: dict[str, Any]
) -> None:
    for start in range(10, 50, 10):
        torment(range(start, start + 10), 5, new_story, undisturbed)
