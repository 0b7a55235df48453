"""What is stored of one run while it runs: a row a step under its path, and the numbered events."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Self

from symphony_core.approval import ApprovalStatus
from symphony_core.entity import Entity
from symphony_core.errors import Conflict, LeaseLost, SymphonyError
from symphony_core.ids import utc_now
from symphony_core.orchestration.fresh_steps import FreshSteps, lost_rows
from symphony_core.orchestration.notes import Notes
from symphony_core.orchestration.totals import Totals
from symphony_core.persistence.repository import Repository, begin_to_save_together
from symphony_core.persistence.writes import Told, tell
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import STEP_STARTED
from symphony_core.run_lease import RunLease, RunRequest
from symphony_core.step_run import WAITING_STATUSES, StepRun, StepStatus, step_run_id
from symphony_core.task import TaskStatus
from symphony_core.workflow import Workflow

PROGRESS_SECONDS = 0.2  # how often the text written so far is stored
PROGRESS_SHARE = 5  # storing it may take one in so many parts of the time
TURNS = 4  # of the event loop before a change is stored: a run's last step ends with the run

Row = tuple[Repository[Any], Entity]

ENTITIES = ("workflow", "step_run", "run_event", "run_lease", "run_request", "task", "approval")


class Journal:
    """The only writer of a run's rows; whoever holds the run's lease has it.

    Changes are noted, and `flush` stores whatever was noted so far in one transaction, which also
    checks that the lease is still ours and that nobody has asked anything of the run that was not
    heard yet: `heard` is told, and steps that were about to start are not, if it says so.
    """

    def __init__(
        self,
        registry: ServiceRegistry,
        run: Workflow,
        lease: RunLease,
        request: RunRequest | None = None,
    ) -> None:
        self.run = run
        self.lease = lease
        self.lease_version = lease.version  # as it is on the disk
        # What was asked of the run as far as is known, and who hears of more.
        self.heard: Callable[[RunRequest], bool] = lambda request: True
        self.request = request or RunRequest(id=run.id, run_id=run.id)
        self.totals = Totals(run)
        self.failure: BaseException | None = None
        self._repositories = {name: registry.get_repository(name) for name in ENTITIES}
        self._entries: dict[str, StepRun] = {}
        self._notes = Notes(run.id)
        self._fresh = FreshSteps(partial(self.note, "step_run"))
        self._last_number = 0
        self._is_flushing, self._begun_at = False, 0.0
        self._hearing: asyncio.Task[bool] | None = None
        self._taken = self._stored = 0  # flushes begun, and those on the disk
        self._waiting: list[asyncio.Future[None]] = []  # for the flush under way to end
        self._next: asyncio.Handle | None = None  # what begins the next flush
        self._next_is_soon = False
        self._progress_seconds = PROGRESS_SECONDS

    @classmethod
    async def open(cls, registry: ServiceRegistry, run: Workflow, lease: RunLease) -> Self:
        """Read what is stored of the run."""
        request = await registry.get_repository("run_request").find_by_id(run.id)
        journal = cls(registry, run, lease, request)
        mine = {"run_id": run.id}
        steps = await journal._repositories["step_run"].find_all(mine)
        journal._entries = {step.path: step for step in steps}
        events = await journal._repositories["run_event"].find_all(mine)
        journal._last_number = max((event.number for event in events), default=0)
        for step in lost_rows(events, journal._entries):
            journal._entries[step.path] = step
            journal.note("step_run", step)
        journal.totals.sum_up(journal._entries.values())
        return journal

    def entry(self, path: str) -> StepRun | None:
        """Return what is stored under a path."""
        return self._entries.get(path)

    def new_entry(self, path: str, step_id: str, name: str, type_name: str) -> StepRun:
        """Return a row for a path that has none."""
        row_id = step_run_id(self.run.id, path)
        return StepRun(
            id=row_id, run_id=self.run.id, path=path, step_id=step_id, name=name, type=type_name
        )

    def note(self, name: str, entity: Entity) -> None:
        """Note that an entity has changed; it is stored as it is at the next pause for breath.

        So what follows without a pause, such as the next step's start, goes into the same flush.
        """
        self._notes.add(name, entity)
        self._store_soon()

    def note_soon(self, name: str, entity: Entity) -> None:
        """Note a change that nobody waits for; it is stored within a moment."""
        self._notes.add(name, entity)
        if self._next is None and self.failure is None:
            self._schedule(self._progress_seconds)

    def note_step(self, step: StepRun, event: str, **data: Any) -> None:
        """Note a step's row together with an event about it."""
        self._note_event(step, event, data)
        self.note("step_run", step)

    def note_new_step(self, step: StepRun) -> None:
        """Note that a step begins for the first time; its row follows with its end, or soon."""
        self._note_event(step, STEP_STARTED, {"type": step.type})
        self._fresh.add(step, self._progress_seconds)
        self._store_soon()

    def _note_event(self, step: StepRun, event: str, data: dict[str, Any]) -> None:
        self._entries[step.path] = step
        told = {"name": step.name, "attempt": step.attempt, **data}
        if step.error:
            told["error"] = step.error
        self._notes.add_event(event, step.path, told)

    def note_run(self, event: str, **data: Any) -> None:
        """Note the run together with an event."""
        told = {**data, "error": self.run.error} if self.run.error else data
        self._notes.add_event(event, None, told)
        self.note("workflow", self.run)

    def note_handover(self) -> None:
        """Note that the lease is taken or given back with what else is noted."""
        self.note("run_lease", self.lease)

    async def note_what_is_open(self) -> None:
        """Settle what a process that died left as running, and what waits in a run that is over."""
        is_over = self.run.status.is_final
        if is_over and any(step.status == StepStatus.WAITING for step in self._entries.values()):
            await self._withdraw_questions()
        for step in self._entries.values():
            if step.status == StepStatus.RUNNING or (is_over and step.status in WAITING_STATUSES):
                step.finish(StepStatus.CANCELLED)
                self.note_step(step, "step_cancelled")

    async def _withdraw_questions(self) -> None:
        waiting = {"run_id": self.run.id, "status": ApprovalStatus.WAITING}
        for asked in await self._repositories["approval"].find_all(waiting):
            asked.decide(ApprovalStatus.WITHDRAWN, utc_now())
            self.note("approval", asked)

    async def note_dead_tasks(self) -> None:
        """Settle the tasks of attempts that a process that died left as running."""
        open_steps = [s for s in self._entries.values() if s.status == StepStatus.RUNNING]
        task_ids = [step.task_id for step in open_steps if step.task_id]
        for task in await self._repositories["task"].find_all({"id": task_ids}):
            if task.status == TaskStatus.RUNNING:
                task.mark_cancelled()
                self.note("task", task)

    def note_totals(self) -> None:
        """Note the run if its totals have changed; called now and then, for its row is long."""
        if self.totals.take_change():
            self.note("workflow", self.run)

    async def flush(self) -> None:
        """Return when all that was noted is on the disk.

        Raises:
            LeaseLost: the run was taken over by another process, or deleted.
            StorageError: the store failed; nothing more can be promised.
        """
        wanted = self._taken + bool(self._notes)
        while self._stored < wanted or self.failure:
            if self.failure:
                raise self.failure
            self._begin_flush()
            await asyncio.sleep(0)  # what this loop itself stores is stored by then
            if self._is_flushing and self._stored < wanted:
                ended = asyncio.get_running_loop().create_future()
                self._waiting.append(ended)
                await ended

    async def close(self) -> None:
        """Store what was noted, and nothing more after that."""
        try:
            await self.flush()
        finally:
            self.abandon(LeaseLost(f"The run {self.run.id!r} is not run here any more."))

    def abandon(self, failure: SymphonyError) -> None:
        """Store nothing more: the run is somebody else's, or the store has failed."""
        self.failure = self.failure or failure
        self._fresh.close()
        if self._next is not None:
            self._next.cancel()

    def _store_soon(self) -> None:
        if not self._next_is_soon and self.failure is None:
            self._schedule(0)

    def _schedule(self, seconds: float) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next_is_soon = not seconds
        if seconds:
            self._next = asyncio.get_running_loop().call_later(seconds, self._begin_flush)
        else:
            self._let_pass(TURNS)

    def _let_pass(self, turns: int) -> None:
        if turns:
            self._next = asyncio.get_running_loop().call_soon(self._let_pass, turns - 1)
        else:
            self._begin_flush()

    def _begin_flush(self) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next, self._next_is_soon = None, False
        if not self._is_flushing:
            self._is_flushing, self._begun_at = True, time.monotonic()
            self._taken += 1
            self._begin_to_store(self._notes.take())

    def _begin_to_store(self, notes: Notes) -> None:
        if not notes:
            self._end_flush()
            return
        try:
            self._begin_to_save(notes)
        except SymphonyError as error:  # something of it cannot be stored at all
            self._end_flush(error)

    def _begin_to_save(self, notes: Notes) -> None:
        repositories = self._repositories
        there: list[Row] = []
        new: list[Row] = []
        for name, entity in notes.entities():
            (there if entity.version else new).append((repositories[name], entity))
        events = notes.events(self._last_number)
        new += [(repositories["run_event"], event) for event in events]
        checked: list[Row] = [(repositories["run_request"], self.request)]
        if not notes.has("run_lease"):
            checked.append((repositories["run_lease"], self.lease))
        begin_to_save_together(
            Told(partial(self._note_stored, len(events)), partial(self._note_refused, notes)),
            there,
            new=new,
            unchanged=checked,
        )

    def _note_stored(self, events: int, _: object) -> None:
        self._last_number += events
        self.lease_version = self.lease.version
        self._end_flush()

    def _note_refused(self, notes: Notes, why: BaseException) -> None:
        if isinstance(why, Conflict) and why.kind == self._repositories["run_request"].kind:
            self._hearing = asyncio.create_task(self._hear())
            again = Told(partial(self._store_again, notes), partial(self._note_refused, notes))
            self._hearing.add_done_callback(partial(tell, again))
            return
        run_id = self.run.id
        if isinstance(why, Conflict):
            why = LeaseLost(f"The run {run_id!r} was taken over by another worker, or deleted.")
        elif isinstance(why, asyncio.CancelledError):  # nobody knows what was stored
            why = LeaseLost(f"The program that ran the run {run_id!r} was ended.")
        self._end_flush(why)

    def _end_flush(self, failure: BaseException | None = None) -> None:
        self._is_flushing = False
        self.failure = self.failure or failure
        self._stored += failure is None
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():  # whoever waited may have been cancelled
                waiter.set_result(None)
        took = time.monotonic() - self._begun_at
        self._progress_seconds = max(PROGRESS_SECONDS, took * PROGRESS_SHARE)
        if self._notes and self.failure is None and self._next is None:
            self._schedule(0)

    def _store_again(self, notes: Notes, may_start: bool) -> None:
        if not may_start:
            starts = notes.first_starts()
            for kept in (notes, self._notes, self._fresh):  # storing may have taken a while
                kept.forget(starts)
            for path in starts:
                del self._entries[path]
        self._begin_to_store(notes)

    async def _hear(self) -> bool:
        """Read what was asked of the run, and tell whether steps may go on to start."""
        found = await self._repositories["run_request"].find_by_id(self.run.id)
        self.request = found or RunRequest(id=self.run.id, run_id=self.run.id)
        return self.heard(self.request)
