"""What people may ask of runs: cancel, pause, resume, answer. Nothing here waits for a run."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.errors import Conflict, EntityNotFound, LeaseLost, NotPossible
from symphony_core.ids import Clock
from symphony_core.orchestration.forking import forked
from symphony_core.orchestration.gate import PAUSED
from symphony_core.orchestration.journal import Journal
from symphony_core.orchestration.leases import Leases
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunLease, RunRequest
from symphony_core.step_run import StepRun
from symphony_core.workflow import RunLimits, Workflow, WorkflowStatus

TURN_SECONDS = 0.05
ATTEMPTS = 50  # a change repeated that often against others' has met a fault, not a rush


class RunControl:
    """Asks things of runs, whoever runs them; what nobody runs is changed at once.

    Every method raises `EntityNotFound` for a run that is not there, and `NotPossible` for one
    that is not in the state for it.
    """

    def __init__(self, registry: ServiceRegistry, leases: Leases, clock: Clock) -> None:
        self._registry = registry
        self._leases = leases
        self._clock = clock
        self._runs = registry.get_repository("workflow")
        self._requests = registry.get_repository("run_request")
        self._approvals = registry.get_repository("approval")

    async def find(self, run_id: str) -> Workflow:
        """Return a stored run."""
        run: Workflow | None = await self._runs.find_by_id(run_id)
        if run is None:
            raise EntityNotFound("run", run_id)
        return run

    async def store_new(self, run: Workflow) -> None:
        """Store a new run for a worker to take up."""
        lease = RunLease(id=run.id, owner=None)
        journal = Journal(self._registry, run, lease)
        journal.note_run("run_created")
        journal.note_handover()
        await journal.close()

    async def cancel(self, run_id: str) -> Workflow:
        """Ask a run to stop; one that nobody runs is cancelled at once."""
        run = await self.find(run_id)
        if run.status.is_final:
            return run
        await self._ask(run_id, cancel_at=self._clock())
        return await self._settle(run, WorkflowStatus.CANCELLED)

    async def pause(self, run_id: str) -> Workflow:
        """Ask a run to pause: steps under way go on to their end, and none begins after them."""
        run = await self.find(run_id)
        if run.status.is_final:
            raise NotPossible(f"The run {run.name!r} is over, so there is nothing to pause.")
        if run.status == WorkflowStatus.PAUSED:
            return run
        await self._ask(run_id, pause_at=self._clock())
        return await self._settle(run, WorkflowStatus.PAUSED, PAUSED)

    async def resume(self, run_id: str, *, limits: RunLimits | None = None) -> Workflow:
        """Let a paused run go on as soon as a worker is there, under new limits if given.

        A pause that was asked for and has not come yet is taken back.
        """
        run = await self.find(run_id)
        if run.status.is_final:
            raise NotPossible(f"The run {run.name!r} is over: retry it, or run it again.")
        if limits is not None and run.status != WorkflowStatus.PAUSED:
            raise NotPossible(
                f"The run {run.name!r} is {run.status}: pause it to change its limits."
            )
        await self.forget_pause(run_id)

        def go_on(run: Workflow) -> None:
            if run.status == WorkflowStatus.PAUSED:
                run.limits = limits or run.limits
                run.mark(WorkflowStatus.PENDING)

        return await self._change(run_id, go_on, "run_resume_asked")

    async def fork(
        self,
        run_id: str,
        *,
        at: str | None = None,
        inputs: Mapping[str, Any] | None = None,
        prompt: str | None = None,
        limits: RunLimits | None = None,
    ) -> Workflow:
        """Store a new run that takes over what another has done, and return it.

        With `at`, the path of a step, it takes over the steps that had ended before that one
        began, and runs it and all after it again: with other inputs, or another prompt for that
        step, if given. Without, it takes over everything done and goes on where the run failed.

        Raises:
            DefinitionError: it cannot run with these inputs, or the prompt cannot be read.
        """
        source = await self.find(run_id)
        steps = await self._registry.get_repository("step_run").find_all({"run_id": run_id})
        run, taken_over = forked(source, steps, at=at, inputs=inputs, prompt=prompt)
        run.limits = limits or run.limits
        journal = Journal(self._registry, run, RunLease(id=run.id, owner=None))
        for step in taken_over:
            journal.note("step_run", step)
        journal.note_run("run_created", forked_from=source.id, forked_at=at)
        journal.note_handover()
        await journal.close()
        return run

    async def questions(self, run_id: str) -> list[Approval]:
        """Return what a run waits for an answer to."""
        waiting = {"run_id": run_id, "status": ApprovalStatus.WAITING}
        found: list[Approval] = await self._approvals.find_all(waiting)
        return found

    async def answer(
        self,
        approval_id: str,
        status: ApprovalStatus,
        *,
        text: str | None = None,
        note: str = "",
    ) -> Approval:
        """Answer a question: `approved`, `rejected`, or `edited` with the text to go on with.

        Raises:
            EntityNotFound: no such question.
            NotPossible: it was answered before, its time is over, or its run is.
        """
        asked: Approval | None = await self._approvals.find_by_id(approval_id)
        if asked is None:
            raise EntityNotFound("approval", approval_id)
        run = await self.find(asked.run_id)
        if run.status.is_final:
            raise NotPossible(f"The run {run.name!r} is over, so {asked.name!r} needs no answer.")
        now = self._clock()
        if asked.is_overdue(now):
            raise NotPossible(f"The time to answer {asked.name!r} is over.")
        if asked.status != ApprovalStatus.WAITING:
            raise NotPossible(f"{asked.name!r} was {asked.status} already.")
        asked.decide(status, now, text=text, note=note)
        try:
            await self._approvals.save(asked)
        except Conflict:
            raise NotPossible(f"{asked.name!r} was answered by somebody else just now.") from None
        await self.wake([run.id])
        return asked

    async def wake(self, run_ids: list[str] | None = None) -> None:
        """Let waiting runs go on, all or these, where a question was answered or is overdue."""
        waiting: dict[str, Any] = {"status": WorkflowStatus.WAITING}
        if run_ids is not None:
            waiting["id"] = run_ids
        found = list(await self._runs.versions(waiting))
        if not found:
            return
        now = self._clock()
        open_here = {"run_id": found, "status": "waiting"}
        steps = await self._registry.get_repository("step_run").find_all(open_here)
        asked = await self._approvals.find_all(open_here)
        unanswered = {each.id for each in asked if not each.is_overdue(now)}
        for run_id in {step.run_id for step in steps if _is_answered(step, unanswered)}:
            await self._change(run_id, _wake, "run_woken")

    async def forget_pause(self, run_id: str) -> None:
        """Take back a pause that was asked for."""
        if await self._requests.find_by_id(run_id) is not None:
            await self._ask(run_id, pause_at=None)

    async def fail(self, run_id: str, reason: str) -> None:
        """End a run that cannot be run, and say why."""
        await self._settle(await self.find(run_id), WorkflowStatus.FAILED, reason)

    async def _ask(self, run_id: str, **changes: datetime | None) -> None:
        for _ in range(ATTEMPTS):
            found = await self._requests.find_by_id(run_id)
            request = found or RunRequest(id=run_id, run_id=run_id)
            for name, value in changes.items():
                setattr(request, name, value)
            try:
                await (self._requests.save if found else self._requests.insert)(request)
            except Conflict:
                continue
            return
        raise Conflict("run request", run_id)

    async def _settle(
        self, run: Workflow, status: WorkflowStatus, reason: str | None = None
    ) -> Workflow:
        def settle(run: Workflow) -> None:
            if not run.status.is_final:
                run.mark(status, reason)

        return await self._change(run.id, settle, f"run_{status}")

    async def _change(
        self, run_id: str, change: Callable[[Workflow], None], event: str
    ) -> Workflow:
        """Change a run that nobody runs; one that somebody runs is left to them."""
        for _ in range(ATTEMPTS):
            try:
                async with self._taken(run_id) as journal:
                    if journal is not None:
                        await _note_change(journal, change, event)
                        return journal.run
            except LeaseLost:
                pass
            run = await self.find(run_id)
            if run.status.is_final or run.status == WorkflowStatus.RUNNING:
                return run
            await asyncio.sleep(TURN_SECONDS)  # somebody else is about to change it
        return await self.find(run_id)

    @asynccontextmanager
    async def _taken(self, run_id: str) -> AsyncIterator[Journal | None]:
        """A journal of a run that nobody runs, under its lease; None if somebody does."""
        lease = await self._leases.acquire(run_id)
        if lease is None:
            yield None
            return
        try:
            journal = await Journal.open(self._registry, await self.find(run_id), lease)
            yield journal
            self._leases.give_back(lease)
            journal.note_handover()
            await journal.close()
        finally:
            self._leases.forget(run_id)


async def _note_change(journal: Journal, change: Callable[[Workflow], None], event: str) -> None:
    before = journal.run.status
    change(journal.run)
    if journal.run.status != before:
        await journal.note_what_is_open()
        journal.note_run(event)


def _is_answered(step: StepRun, unanswered: set[str]) -> bool:
    return step.type == "approval" and step.id not in unanswered


def _wake(run: Workflow) -> None:
    if run.status == WorkflowStatus.WAITING:
        run.mark(WorkflowStatus.PENDING)
