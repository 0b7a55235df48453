"""Notes in a step's row what the executor does in it."""

import time

from symphony_core.agents.base import Agent
from symphony_core.execution.strategies.base import RoutingDecision
from symphony_core.models.base import Prompt, Reply
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.gate import RunGate
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.plain_data import plain
from symphony_core.orchestration.rhythm import Rhythm
from symphony_core.orchestration.step import StepResult
from symphony_core.step_run import StepRun, StepStatus
from symphony_core.task import Task
from symphony_core.texts import MAX_TEXT, storable

JOIN_SECONDS = 0.1  # pieces are put together so often: copying a long text for each would be slow
_SHORT = 100  # letters


class StepWatch:
    """Is told what happens in one step, and has its row stored as the text grows."""

    def __init__(self, journal: Journal, gate: RunGate, row: StepRun) -> None:
        self.row = row
        self._journal = journal
        self._gate = gate
        self._pieces: list[str] = []
        self._written = 0
        self._joined_at = 0.0
        self._rhythm = Rhythm(row.started_at)

    def routed(self, decision: RoutingDecision) -> None:
        """Keep why the agent was chosen."""
        self.row.routing = {
            "strategy": decision.strategy,
            "reason": decision.reason,
            "scores": [
                {"agent": score.agent_name, "score": score.score, "reasons": list(score.reasons)}
                for score in decision.scores
            ],
        }

    def keep(self, task: Task) -> None:
        """Have the task stored together with its step."""
        self._journal.note_soon("task", task)

    def asked(self, task: Task, agent: Agent, prompt: Prompt) -> None:
        """Keep what is about to be sent.

        Raises:
            RunSuspended: the run has reached a limit.
        """
        self._gate.admit_call()
        row = self.row
        row.task_id, row.agent_id, row.agent_name = task.id, agent.id, agent.name
        row.agent_version = agent.config.saved_number or None
        row.model, row.output, row.rhythm = agent.model.name, "", []
        row.instructions, row.prompt = prompt.instructions, prompt.text
        self._pieces, self._written, self._joined_at = [], 0, 0.0
        self._rhythm = Rhythm(row.started_at)
        self._journal.note_soon("step_run", row)

    def wrote(self, piece: str) -> None:
        """Add to the text; it is stored a few times a second."""
        if self._written > MAX_TEXT:
            return
        self._pieces.append(piece)
        self._written += len(piece)
        now = time.monotonic()
        if now - self._joined_at >= JOIN_SECONDS:
            self._joined_at = now
            self._pieces = [storable("".join(self._pieces))]
            self.row.output = self._pieces[0]
            self.row.rhythm = self._rhythm.note(len(self.row.output))
            self._journal.note_soon("step_run", self.row)

    def answered(self, reply: Reply) -> None:
        """Keep the whole answer and what it took."""
        self.row.output = reply.text
        self.row.rhythm = self._rhythm.end(len(reply.text))
        self._journal.count(self.row, reply)

    def complete(
        self, result: StepResult, context: WorkflowContext, *, arranges: bool
    ) -> StepResult:
        """Keep the step's result and what it left in the context, and return it as it is kept.

        What a step that arranges others returns and leaves is made again out of theirs, so only
        what is short is kept of it.

        Raises:
            StepFailed: something of it is not plain data.
        """
        row = self.row
        returned = result.output if arranges else plain(result.output)
        text = str(returned["result"]) if "result" in returned else row.output
        if arranges:
            row.keep(text, {k: v for k, v in returned.items() if _is_short(v)}, {})
        else:
            row.keep(text, returned, plain(context.changes))
        if result.task_id:
            row.task_id = result.task_id
        row.finish(StepStatus.COMPLETED)
        if row.task_id is not None:
            self._journal.count_done()
        return StepResult(True, returned, task_id=result.task_id)


def _is_short(value: object) -> bool:
    return isinstance(value, bool | int | float) or (
        isinstance(value, str) and len(value) <= _SHORT
    )
