"""Steps that began a moment ago, whose rows are not stored yet.

Most of them have ended by then, and are written once in place of twice. That they began is told
by the run's events, out of which a row is made again if the process dies before it is stored.
"""

import asyncio
from collections.abc import Callable, Container, Iterable, Set

from symphony_core.run_event import STEP_STARTED, RunEvent
from symphony_core.step_run import StepRun, step_run_id


class FreshSteps:
    """Keeps new rows for a moment, and then has those stored that are not yet."""

    def __init__(self, store: Callable[[StepRun], None]) -> None:
        self._store = store
        self._steps: list[StepRun] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, step: StepRun, seconds: float) -> None:
        """Keep a row for at most so long."""
        self._steps.append(step)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._let_go)

    def forget(self, paths: Set[str]) -> None:
        """Keep none of these: their steps did not begin after all."""
        self._steps = [step for step in self._steps if step.path not in paths]

    def close(self) -> None:
        """Have none stored any more."""
        self._steps = []
        if self._timer is not None:
            self._timer.cancel()

    def _let_go(self) -> None:
        steps, self._steps, self._timer = self._steps, [], None
        for step in steps:
            if not step.version:
                self._store(step)


def lost_rows(events: Iterable[RunEvent], known: Container[str]) -> list[StepRun]:
    """Make the rows again of steps that began, as the events tell, and that have none."""
    begun = {
        event.path: event
        for event in events
        if event.type == STEP_STARTED and event.path is not None and "type" in event.data
    }
    return [_row_of(event, path) for path, event in begun.items() if path not in known]


def _row_of(event: RunEvent, path: str) -> StepRun:
    return StepRun(
        id=step_run_id(event.run_id, path),
        run_id=event.run_id,
        path=path,
        step_id=path.rpartition("/")[2],
        name=event.data["name"],
        type=event.data["type"],
        started_at=event.at,
    )
