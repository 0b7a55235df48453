"""What a run may do right now: whether the next step may begin, and the next model call be made."""

from collections.abc import Iterator
from contextlib import contextmanager

from symphony_core.orchestration.suspension import RunSuspended
from symphony_core.workflow import Workflow, WorkflowStatus

PAUSED = "It was paused. Resume it to go on."


class RunGate:
    """Counts what is under way, and stops a run that was paused or has reached a limit."""

    def __init__(self, run: Workflow) -> None:
        self._run = run
        self._working = 0
        self.pause_asked = False
        self.cancel_asked = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way but waiting."""
        return self._working == 0

    def begin(self) -> None:
        """Count one more step as under way."""
        self._working += 1

    def end(self) -> None:
        """Count one less."""
        self._working -= 1

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Do not count a step as under way for the time it waits."""
        self.end()
        try:
            yield
        finally:
            self.begin()

    def admit(self) -> None:
        """Let the next step begin.

        Raises:
            RunSuspended: somebody asked the run to pause or to end.
        """
        if self.cancel_asked:
            raise RunSuspended(WorkflowStatus.CANCELLED, "It was cancelled.")
        if self.pause_asked:
            raise RunSuspended(WorkflowStatus.PAUSED, PAUSED)

    def admit_call(self) -> None:
        """Let the next model call be made, and count it.

        Raises:
            RunSuspended: the run has reached one of its limits.
        """
        reached = _reached(self._run)
        if reached is not None:
            raise RunSuspended(
                WorkflowStatus.PAUSED,
                f"It has reached its limit of {reached}. Raise the limit to go on, or cancel it.",
            )
        self._run.model_calls += 1


def _reached(run: Workflow) -> str | None:
    """Return the limit that a run has reached, in words."""
    limits = run.limits
    if limits.model_calls is not None and run.model_calls >= limits.model_calls:
        calls = "model call" if limits.model_calls == 1 else "model calls"
        return f"{limits.model_calls:,} {calls}"
    if limits.tokens is not None and run.input_tokens + run.output_tokens >= limits.tokens:
        return f"{limits.tokens:,} tokens"
    if limits.cost is not None and (run.cost or 0.0) >= limits.cost:
        return f"${limits.cost:,.2f}" if limits.cost >= 0.01 else f"${limits.cost:.6f}"
    return None
