"""Which step stands beside the graph."""

from collections.abc import Sequence

from dashboard.viewmodels.paths import node_of
from dashboard.viewmodels.steps import StepView

AT_WORK = ("running", "retrying", "waiting")


def spotlight(steps: Sequence[StepView], chosen: str | None = None) -> StepView | None:
    """Return the newest turn of the step whose node was chosen; without one, what matters most.

    That is the step at work, of several the last that started; where none is at work, what failed
    last, else what was done last.
    """
    if chosen is not None:
        return next((step for step in reversed(steps) if node_of(step.path) == chosen), None)
    own = [step for step in steps if not step.is_group]
    for wanted in (AT_WORK, ("failed",)):
        found = [step for step in own if step.status in wanted]
        if found:
            return found[-1]
    return own[-1] if own else None
