"""Notes in a step's row what the executor does in it."""

import time

from symphony_core.agents.base import Agent
from symphony_core.execution.strategies.base import RoutingDecision
from symphony_core.models.base import Prompt, Reply, ToolAnswer, ToolCall
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.gate import RunGate
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.plain_data import plain
from symphony_core.orchestration.rhythm import Rhythm
from symphony_core.orchestration.step import StepResult
from symphony_core.step_run import StepRun, StepStatus, ToolUse
from symphony_core.task import Task
from symphony_core.texts import MAX_TEXT, storable, text_of

JOIN_SECONDS = 0.1  # pieces are put together so often: copying a long text for each would be slow
MAX_ARGUMENTS = 2_000  # characters kept of what a tool was asked
MAX_ANSWER = 4_000  # and of what it answered, or the model wrote before
_SHORT = 100  # letters


class StepWatch:
    """Is told what happens in one step, and has its row stored as the text grows."""

    _rhythm: Rhythm  # once a model is asked

    def __init__(self, journal: Journal, gate: RunGate, row: StepRun) -> None:
        self.row = row
        self._journal = journal
        self._gate = gate
        self._pieces: list[str] = []
        self._written = 0
        self._joined_at = 0.0
        self._called_at, self._said = 0.0, ""

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
        self.row.ask(
            task_id=task.id,
            agent_id=agent.id,
            agent_name=agent.name,
            agent_version=agent.config.saved_number or None,
            model=agent.model.name,
            instructions=prompt.instructions,
            prompt=prompt.text,
        )
        self._begin_text()

    def asked_again(self) -> None:
        """Count the call of the model, and begin its text anew.

        Raises:
            RunSuspended: the run has reached a limit.
        """
        self._gate.admit_call()
        self._begin_text()

    def _begin_text(self) -> None:
        self.row.write("", [])
        self._pieces, self._written, self._joined_at = [], 0, 0.0
        self._rhythm = Rhythm(self.row.started_at)
        self._journal.note_soon("step_run", self.row)

    def equipped(self, sentence: str) -> None:
        """Keep which tools the agent has."""
        self.row.equipment = sentence
        self._journal.note_soon("step_run", self.row)

    async def calling(self, call: ToolCall) -> None:
        """Have it stored that a tool is called, before it does what cannot be taken back."""
        row, number = self.row, len(self.row.tool_uses) + 1
        said, self._said = self._said, ""
        use = ToolUse(
            number=number,
            tool=storable(call.tool, MAX_ARGUMENTS),
            arguments=storable(call.arguments, MAX_ARGUMENTS),
            said=storable(said, MAX_ANSWER),
        )
        row.tool_uses = [*row.tool_uses, use]
        self._called_at = time.monotonic()
        told = {"number": number, "tool": use.tool, "arguments": use.arguments}
        self._journal.note_step(row, "tool_called", **told)
        await self._journal.flush()

    def called(self, answer: ToolAnswer) -> None:
        """Keep what the tool answered, and how long it took."""
        *before, use = self.row.tool_uses
        seconds = round(time.monotonic() - self._called_at, 3)
        text = storable(answer.text, MAX_ANSWER)
        done = use.model_copy(update={"answer": text, "failed": answer.failed, "seconds": seconds})
        self.row.tool_uses = [*before, done]
        self._journal.note_step(
            self.row,
            "tool_failed" if answer.failed else "tool_answered",
            **{"number": use.number, "tool": use.tool, "seconds": seconds, "answer": text},
        )

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
            self.row.write(self._pieces[0], self._rhythm.note(len(self._pieces[0])))
            self._journal.note_soon("step_run", self.row)

    def answered(self, reply: Reply) -> None:
        """Keep the whole answer and what it took."""
        self._said = reply.text
        self.row.write(reply.text, self._rhythm.end(len(reply.text)))
        self._journal.totals.count(self.row, reply)

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
        text = text_of(returned["result"]) if "result" in returned else row.output
        if arranges:
            row.keep(text, {k: v for k, v in returned.items() if _is_short(v)}, {})
        else:
            row.keep(text, returned, plain(context.changes))
        if result.task_id:
            row.task_id = result.task_id
        row.finish(StepStatus.COMPLETED)
        if row.task_id is not None:
            self._journal.totals.count_done()
        return StepResult(True, returned, task_id=result.task_id)


def _is_short(value: object) -> bool:
    return isinstance(value, bool | int | float) or (
        isinstance(value, str) and len(value) <= _SHORT
    )
