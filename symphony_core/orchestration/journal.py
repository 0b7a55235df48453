"""What is stored of one run while it runs: a row a step under its path, and the numbered events."""

import asyncio
from typing import Any, Self

from symphony_core.models.base import Reply
from symphony_core.persistence.repository import Repository, save_together
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import RunEvent
from symphony_core.run_lease import RunLease
from symphony_core.step_run import StepRun, StepStatus, step_run_id
from symphony_core.workflow import Workflow


class Journal:
    """The only writer of a run's rows; whoever holds the run's lease has it.

    A step's row and its event are stored in one transaction where the store has such.
    """

    def __init__(self, registry: ServiceRegistry, run: Workflow) -> None:
        self.run = run
        self._runs = registry.get_repository("workflow")
        self._steps = registry.get_repository("step_run")
        self._events = registry.get_repository("run_event")
        self._leases = registry.get_repository("run_lease")
        self._entries: dict[str, StepRun] = {}
        self._last_number = 0
        self._run_lock = asyncio.Lock()
        self._run_changed = False
        self._closed = False

    @classmethod
    async def open(cls, registry: ServiceRegistry, run: Workflow) -> Self:
        """Read what is stored of the run."""
        journal = cls(registry, run)
        mine = {"run_id": run.id}
        journal._entries = {step.path: step for step in await journal._steps.find_all(mine)}
        last = await journal._events.find_page(mine, order_by="number", limit=1)
        journal._last_number = last[0].number if last else 0
        journal._sum_up()
        return journal

    def close(self) -> None:
        """Store nothing more: the run is somebody else's."""
        self._closed = True

    async def cancel_open_steps(self) -> None:
        """Settle what a process that died left as running."""
        for step in self._entries.values():
            if step.status == StepStatus.RUNNING:
                step.finish(StepStatus.CANCELLED)
                await self.store_step(step, "step_cancelled")

    def entry(self, path: str) -> StepRun | None:
        """Return what is stored under a path."""
        return self._entries.get(path)

    def new_entry(self, path: str, step_id: str, name: str, type_name: str) -> StepRun:
        """Return a row for a path that has none."""
        row_id = step_run_id(self.run.id, path)
        return StepRun(
            id=row_id, run_id=self.run.id, path=path, step_id=step_id, name=name, type=type_name
        )

    async def store_step(self, step: StepRun, event: str) -> None:
        """Store a step's row together with an event about it."""
        self._entries[step.path] = step
        data: dict[str, Any] = {"name": step.name, "attempt": step.attempt}
        if step.error:
            data["error"] = step.error
        noted = self._event(event, step.path, data)
        await self._store([(self._steps, step), (self._events, noted)])

    async def store_progress(self, step: StepRun) -> None:
        """Store what has been written so far."""
        await self._store([(self._steps, step)])

    async def store_run(self, event: str, lease: RunLease | None = None) -> None:
        """Store the run together with an event, and the lease where it changes with it."""
        data = {"error": self.run.error} if self.run.error else {}
        async with self._run_lock:
            self._run_changed = False
            writes = [(self._runs, self.run), (self._events, self._event(event, None, data))]
            await self._store([*writes, (self._leases, lease)] if lease else writes)

    async def store_totals(self) -> None:
        """Store the run's totals if a step has changed them."""
        async with self._run_lock:
            if self._run_changed:
                self._run_changed = False
                await self._store([(self._runs, self.run)])

    def count(self, step: StepRun, reply: Reply) -> None:
        """Add an answer to the totals of its step and its run."""
        for total in (step, self.run):
            total.input_tokens += reply.input_tokens
            total.output_tokens += reply.output_tokens
            known = total.cost is not None and reply.cost is not None
            total.cost = (total.cost or 0.0) + (reply.cost or 0.0) if known else None
        self._run_changed = True

    def count_done(self) -> None:
        """Count one more task as done."""
        self.run.steps_done += 1
        self._run_changed = True

    async def _store(self, writes: list[tuple[Repository[Any], Any]]) -> None:
        if not self._closed:
            await save_together(writes)

    def _sum_up(self) -> None:
        steps = self._entries.values()
        costs = [step.cost for step in steps]
        self.run.input_tokens = sum(step.input_tokens for step in steps)
        self.run.output_tokens = sum(step.output_tokens for step in steps)
        self.run.cost = None if None in costs else sum(cost or 0.0 for cost in costs)
        done = [s for s in steps if s.status == StepStatus.COMPLETED and s.task_id is not None]
        self.run.steps_done = len(done)

    def _event(self, type_name: str, path: str | None, data: dict[str, Any]) -> RunEvent:
        self._last_number += 1
        number = self._last_number
        return RunEvent(
            id=f"{self.run.id[:48]}-{number:08d}",
            run_id=self.run.id,
            number=number,
            type=type_name,
            path=path,
            data=data,
        )
