"""What must be true of a run however often its processes were killed."""

from collections.abc import Mapping
from typing import Any

from tests.support.ledger import marker
from tests.support.subjects import Stored, Story


def context_of(stored: Stored) -> dict[str, Any]:
    """Return a run's final context without the ids of its tasks, which differ from run to run."""
    context = the_run(stored)["metadata"]["context"]
    return {key: value for key, value in context.items() if not key.endswith(".task_id")}


def the_run(stored: Stored) -> dict[str, Any]:
    """Return the one run there is."""
    (run,) = stored["runs"]
    return run


def numbers_of(stored: Stored) -> list[int]:
    """Return the numbers of the events, in order."""
    return sorted(event["number"] for event in stored["events"])


def answered(stored: Stored) -> set[str]:
    """Return the markers of the questions whose step is stored as completed."""
    return {
        marker(step["prompt"])
        for step in stored["steps"]
        if step["status"] == "completed" and step["prompt"]
    }


class Witness:
    """Follows one run over its crashes, and says at the end whether all of it was true."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.crashes = 0
        self._done: dict[str, int] = {}  # questions that were answered for good, and their calls

    def crashed(self, stored: Stored) -> None:
        """Note how a killed process left the run."""
        self.crashes += 1
        assert numbers_of(stored) == list(range(1, len(stored["events"]) + 1))
        asked = self.story.asked()
        self._done |= {key: asked[key] for key in answered(stored)}
        if self.crashes == 1:
            assert all(asked[key] == 1 for key in self._done)

    def check(self, stored: Stored, context: Mapping[str, Any]) -> None:
        """Check the run that has ended against its crashes and the undisturbed run's context."""
        run, asked = the_run(stored), self.story.asked()
        assert (run["status"], run["error"]) == ("completed", None)
        assert context_of(stored) == context
        assert {key: asked[key] for key in self._done} == self._done, "asked again once stored"
        assert all(calls <= 1 + self.crashes for calls in asked.values()), asked
        assert numbers_of(stored) == list(range(1, len(stored["events"]) + 1))
        assert {step["status"] for step in stored["steps"]} == {"completed"}
        assert len({step["path"] for step in stored["steps"]}) == len(stored["steps"])
        assert [event["type"] for event in stored["events"]].count("run_completed") == 1
        self._check_attempts(stored, asked)

    def _check_attempts(self, stored: Stored, asked: Mapping[str, int]) -> None:
        """An attempt is stored before its question is asked, so there are as many at least."""
        for step in stored["steps"]:
            assert 1 <= step["attempt"] <= 1 + self.crashes
            if step["prompt"]:
                assert asked[marker(step["prompt"])] <= step["attempt"]
