"""Runs the steps of a run through its journal: what is stored is not done again."""

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

from symphony_core.approval import Approval, Question
from symphony_core.execution.observer import OBSERVER
from symphony_core.execution.retry import NO_RETRY, Failure, attempts
from symphony_core.ids import utc_now
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.gate import RunGate
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.questions import Questions
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.step_watch import StepWatch
from symphony_core.orchestration.suspension import ProgramStopped, RunSuspended
from symphony_core.outcomes import MAX_ERROR, describe
from symphony_core.run_event import STEP_STARTED
from symphony_core.step_run import WAITING_STATUSES, StepRun, StepStatus
from symphony_core.texts import storable

_LEFT_OPEN = (StepStatus.RUNNING, StepStatus.CANCELLED)


class JournaledRunner:
    """Runs a step at most once to its end, and has it stored before the next one begins."""

    def __init__(self, journal: Journal, gate: RunGate, questions: Questions) -> None:
        self._journal = journal
        self._gate = gate
        self._questions = questions

    async def ask_person(self, path: str, question: Question) -> Approval:
        """Return the question with its answer; see `Questions.ask`."""
        return await self._questions.ask(path, question)

    async def run(self, step: WorkflowStep, context: WorkflowContext) -> StepResult:
        """Run the step, or give back the stored result of its path."""
        row = self._journal.entry(context.path)
        if row is not None and row.status == StepStatus.COMPLETED:
            return await self._repeat(step, context, row)
        if not step.arranges:
            self._gate.admit()
        row = self._begin(step, context.path, row)
        if row.status == StepStatus.FAILED:
            return StepResult(False, error=row.error)
        if step.arranges:
            return await self._run_open(step, context, row)
        await self._journal.flush()  # before the step does something that cannot be taken back
        self._gate.admit()
        self._gate.begin()
        try:
            return await self._run_open(step, context, row)
        finally:
            self._gate.end()

    async def _repeat(
        self, step: WorkflowStep, context: WorkflowContext, row: StepRun
    ) -> StepResult:
        """Give back what is stored; a step that only arranges others does so again out of theirs."""
        if step.arranges:
            return await step.execute(context)
        context.update(row.left)
        return StepResult(True, row.returned, task_id=row.task_id)

    def _begin(self, step: WorkflowStep, path: str, row: StepRun | None) -> StepRun:
        if row is None:
            row = self._journal.new_entry(path, step.id, step.name, step.type_name)
            if not step.arranges:  # the steps in it are stored under its row
                self._journal.note_new_step(row)
                return row
        elif row.status in WAITING_STATUSES:
            row.go_on()
        elif row.status in _LEFT_OPEN and not step.retry_after_crash:
            row.finish(
                StepStatus.FAILED,
                "It was under way when its run was interrupted, and it must not run twice "
                "(retry_after_crash is false). Check what it did, then run it again from here.",
            )
            self._journal.note_step(row, "step_failed")
            return row
        else:
            row.begin_again()
        self._journal.note_step(row, STEP_STARTED)
        return row

    async def _run_open(
        self, step: WorkflowStep, context: WorkflowContext, row: StepRun
    ) -> StepResult:
        watch = StepWatch(self._journal, self._gate, row)
        token = OBSERVER.set(watch)
        try:
            return await self._attempt_all(step, context, watch)
        except RunSuspended as suspended:
            row.finish(StepStatus(suspended.status), None)
            raise
        except BaseException as error:  # the run is being stopped, or the program is
            cause = (error.__cause__ if isinstance(error, ProgramStopped) else None) or error
            row.finish(StepStatus.CANCELLED, None if _is_cancelled(cause) else describe(cause))
            if isinstance(error, KeyboardInterrupt):
                raise ProgramStopped from error
            raise
        finally:
            OBSERVER.reset(token)
            self._journal.note_step(row, f"step_{row.status}")

    async def _attempt_all(
        self, step: WorkflowStep, context: WorkflowContext, watch: StepWatch
    ) -> StepResult:
        row = watch.row

        async def attempt() -> StepResult:
            if row.status != StepStatus.RUNNING:
                row.begin_again()
                context.forget()
                self._journal.note_step(row, STEP_STARTED)
                await self._journal.flush()
            return await self._attempt(step, context, watch)

        async def before_wait(result: StepResult, seconds: float) -> None:
            row.retry_at = utc_now() + timedelta(seconds=seconds)
            self._journal.note_step(row, "step_failed", retry_in_s=round(seconds, 3))
            await self._journal.flush()

        return await attempts(attempt, step.retry or NO_RETRY, _failure_of, before_wait)

    async def _attempt(
        self, step: WorkflowStep, context: WorkflowContext, watch: StepWatch
    ) -> StepResult:
        seconds = step.attempt_seconds
        limit = None if seconds is None else asyncio.timeout(seconds)
        try:
            async with limit or nullcontext():
                result = await step.execute(context)
            if result.success:
                return watch.complete(result, context, arranges=step.arranges)
        except (RunSuspended, ProgramStopped, KeyboardInterrupt):
            raise
        except BaseException as error:
            if _is_cancelled(error):
                raise
            result = _failed(step, error, is_late=limit is not None and limit.expired())
        reason = storable(str(result.error or "It gave no reason."), MAX_ERROR)
        watch.row.finish(StepStatus.FAILED, reason)
        return replace(result, error=reason)


def _is_cancelled(error: BaseException) -> bool:
    """Whether somebody cancelled the step from outside; one that raises that itself has failed."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def _failed(step: WorkflowStep, error: BaseException, *, is_late: bool) -> StepResult:
    if is_late and isinstance(error, TimeoutError):
        return StepResult(
            False, error=f"It took longer than its time limit of {step.timeout_s:g} s."
        )
    said = describe(error)
    kind = type(error).__name__
    sentence = said if isinstance(error, Exception) or said == kind else f"{kind}: {said}"
    return StepResult(False, error=sentence, failure=Failure.of(error))


def _failure_of(result: StepResult) -> Failure | None:
    return None if result.success else result.failure or Failure()
