"""Asks people, and waits for their answers: here while other steps work, else without a worker."""

import asyncio
from datetime import timedelta

from symphony_core.approval import Approval, ApprovalStatus, Question
from symphony_core.ids import Clock
from symphony_core.orchestration.gate import RunGate
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.suspension import RunSuspended
from symphony_core.persistence.repository import Repository
from symphony_core.step_run import StepStatus, step_run_id
from symphony_core.texts import storable
from symphony_core.workflow import WorkflowStatus

LOOK_SECONDS = 0.2


class Questions:
    """The questions of one run."""

    def __init__(
        self, journal: Journal, gate: RunGate, approvals: Repository[Approval], clock: Clock
    ) -> None:
        self._journal = journal
        self._gate = gate
        self._approvals = approvals
        self._clock = clock

    async def ask(self, path: str, question: Question) -> Approval:
        """Return the question with its answer, or with the status `expired`.

        Raises:
            RunSuspended: nobody has answered yet, and nothing else is under way in the run.
        """
        run_id = self._journal.run.id
        asked = await self._approvals.find_by_id(step_run_id(run_id, path))
        if asked is None:
            asked = self._new(run_id, path, question)
            self._journal.note("approval", asked)
        if asked.status != ApprovalStatus.WAITING:
            return asked
        with self._gate.waiting():
            return await self._answered(asked)

    def _new(self, run_id: str, path: str, question: Question) -> Approval:
        now, seconds = self._clock(), question.timeout_s
        return Approval(
            id=step_run_id(run_id, path),
            run_id=run_id,
            path=path,
            name=question.name,
            message=storable(question.message),
            text=storable(question.text),
            created_at=now,
            expires_at=None if seconds is None else now + timedelta(seconds=seconds),
        )

    async def _answered(self, asked: Approval) -> Approval:
        row = self._journal.entry(asked.path)
        if row is not None:
            row.finish(StepStatus.WAITING)
            self._journal.note_step(row, "step_waiting")
        await self._journal.flush()
        while asked.status == ApprovalStatus.WAITING:
            if asked.is_overdue(self._clock()):
                return await self._expire(asked)
            was_idle = self._gate.is_idle
            await asyncio.sleep(LOOK_SECONDS)
            asked = await self._approvals.find_by_id(asked.id) or asked
            if was_idle and self._gate.is_idle and asked.status == ApprovalStatus.WAITING:
                raise RunSuspended(WorkflowStatus.WAITING, f"{asked.name!r} waits for an answer.")
        if row is not None:
            row.go_on()
        return asked

    async def _expire(self, asked: Approval) -> Approval:
        asked.decide(ApprovalStatus.EXPIRED, self._clock())
        self._journal.note("approval", asked)
        await self._journal.flush()
        return asked
