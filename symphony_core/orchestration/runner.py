"""Runs the steps of a run through its journal: what is stored is not done again."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from symphony_core.agents.base import Agent
from symphony_core.errors import StepFailed
from symphony_core.execution.executor import describe
from symphony_core.execution.observer import OBSERVER
from symphony_core.execution.strategies.base import RoutingDecision
from symphony_core.models.base import Prompt, Reply
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.step_run import StepRun, StepStatus
from symphony_core.task import Task

PROGRESS_SECONDS = 0.2  # how often the text written so far is stored


class JournaledRunner:
    """Runs a step at most once to its end, and stores how it went before anyone goes on."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def run(self, step: WorkflowStep, context: WorkflowContext) -> StepResult:
        """Run the step, or give back the stored result of its path."""
        row = self._journal.entry(context.path)
        if row is None:
            row = self._journal.new_entry(context.path, step.id, step.name, step.type_name)
        elif row.status == StepStatus.COMPLETED:
            context.update(row.changes)
            return StepResult(True, row.result, task_id=row.task_id)
        else:
            row.begin_again()
        await self._journal.store_step(row, "step_started")
        watch = StepWatch(self._journal, row)
        try:
            result = await self._execute(step, context, watch)
        except BaseException:  # the run is being stopped, or the program is
            row.finish(StepStatus.CANCELLED)
            raise
        finally:
            await asyncio.shield(self._close(watch, row))
        return result

    async def _execute(
        self, step: WorkflowStep, context: WorkflowContext, watch: "StepWatch"
    ) -> StepResult:
        token = OBSERVER.set(watch)
        try:
            result = await step.execute(context)
            if result.success:
                watch.complete(result, context)
                return StepResult(True, watch.row.result, task_id=result.task_id)
        except Exception as error:  # noqa: BLE001 - whatever a step raises fails that step
            result = StepResult(False, error=describe(error))
        finally:
            OBSERVER.reset(token)
        watch.row.finish(StepStatus.FAILED, result.error or "it gave no reason")
        return result

    async def _close(self, watch: "StepWatch", row: StepRun) -> None:
        await watch.stop()
        await self._journal.store_step(row, f"step_{row.status}")


class StepWatch:
    """Notes in a step's row what the executor does in it, and stores the text as it grows."""

    def __init__(self, journal: Journal, row: StepRun) -> None:
        self.row = row
        self._journal = journal
        self._stopped = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._dirty = False
        self._storing = asyncio.Lock()

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

    async def asked(self, task: Task, agent: Agent, prompt: Prompt) -> None:
        """Keep and store what is about to be sent."""
        row = self.row
        row.task_id, row.agent_id, row.agent_name = task.id, agent.id, agent.name
        row.model, row.output = agent.model.name, ""
        row.instructions, row.prompt = prompt.instructions, prompt.text
        await self._store()

    def wrote(self, piece: str) -> None:
        """Add to the text; it is stored a few times a second."""
        self.row.output += piece
        self._dirty = True
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    def answered(self, reply: Reply) -> None:
        """Keep the whole answer and what it took."""
        self.row.output = reply.text
        self._journal.count(self.row, reply)

    def complete(self, result: StepResult, context: WorkflowContext) -> None:
        """Note the step's result and what it left in the context.

        Raises:
            StepFailed: something of it is not plain data.
        """
        row = self.row
        row.result, row.changes = plain(result.output), plain(context.changes)
        row.task_id = result.task_id or row.task_id
        row.output = result.text or row.output
        row.finish(StepStatus.COMPLETED)
        if row.task_id is not None:
            self._journal.count_done()

    async def stop(self) -> None:
        """Stop storing the text."""
        self._stopped.set()
        if self._writer is not None:
            await self._writer

    async def _store(self) -> None:
        async with self._storing:
            await self._journal.store_progress(self.row)

    async def _write(self) -> None:
        while not self._stopped.is_set():
            if self._dirty:
                self._dirty = False
                await self._store()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), PROGRESS_SECONDS)


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them, so that a resumed run sees what this one saw.

    Raises:
        StepFailed: one of them cannot be kept as JSON.
    """
    try:
        text = json.dumps(dict(values), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise StepFailed(
            f"It left a value that is not plain data ({describe(error)}). Results are texts, "
            "finite numbers, true, false, lists and dicts."
        ) from None
    loaded: dict[str, Any] = json.loads(text)
    return loaded
