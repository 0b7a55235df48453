"""What a run has used and done so far."""

from collections.abc import Collection

from symphony_core.models.base import Reply
from symphony_core.step_run import StepRun, StepStatus
from symphony_core.workflow import Workflow


class Totals:
    """Counts in the run itself."""

    def __init__(self, run: Workflow) -> None:
        self._run = run
        self._changed = False

    def count(self, step: StepRun, reply: Reply) -> None:
        """Add an answer to the totals of its step and its run."""
        for total in (step, self._run):
            total.input_tokens += reply.input_tokens
            total.output_tokens += reply.output_tokens
            known = total.cost is not None and reply.cost is not None
            total.cost = (total.cost or 0.0) + (reply.cost or 0.0) if known else None
        self._changed = True

    def count_done(self) -> None:
        """Count one more task as done."""
        self._run.steps_done += 1
        self._changed = True

    def take_change(self) -> bool:
        """Tell whether anything was counted since this was last asked."""
        changed, self._changed = self._changed, False
        return changed

    def sum_up(self, steps: Collection[StepRun]) -> None:
        """Count anew, out of all steps of the run."""
        own = [step for step in steps if not step.taken_over]
        costs = [step.cost for step in own]
        self._run.input_tokens = sum(step.input_tokens for step in own)
        self._run.output_tokens = sum(step.output_tokens for step in own)
        self._run.cost = None if None in costs else sum(cost or 0.0 for cost in costs)
        done = (step for step in steps if step.status == StepStatus.COMPLETED)
        self._run.steps_done = sum(step.task_id is not None for step in done)
