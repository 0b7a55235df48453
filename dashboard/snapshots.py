"""What is known of runs, kept for all viewers: only what has changed is read again."""

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.viewmodels.figures import DAYS, FIELDS, Figures, figures_of
from dashboard.viewmodels.runs import is_left
from symphony_core.approval import Approval
from symphony_core.registry import ServiceRegistry
from symphony_core.run_lease import RunRequest
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow

FRESH_SECONDS = 0.15  # viewers that ask within this time share one look at the store
MOST_RUNS = 64
FACTS_PAGE = 500
_FIELDS = ("id", *FIELDS)


@dataclass
class Snapshot:
    """A run, its steps by id, whether somebody runs it, what was asked of it and what it asks."""

    run: Workflow
    steps: dict[str, StepRun] = field(default_factory=dict)
    is_held: bool = False
    request: RunRequest | None = None
    approvals: list[Approval] = field(default_factory=list)
    began: float = 0.0
    looked_at: float = 0.0


class Snapshots:
    """Snapshots of the runs looked at last; used from one event loop only."""

    def __init__(self, registry: ServiceRegistry) -> None:
        self._registry = registry
        self._runs = registry.get_repository("workflow")
        self._steps = registry.get_repository("step_run")
        self._requests = registry.get_repository("run_request")
        self._approvals = registry.get_repository("approval")
        self._kept: OrderedDict[str, Snapshot] = OrderedDict()
        self._changed_at = 0.0

    async def read(self, run_id: str) -> Snapshot | None:
        """Return the run as it is stored now; None if there is none."""
        kept, began = self._kept.get(run_id), time.monotonic()
        if kept is not None and self._is_fresh(kept, began):
            return kept
        seen = await self._look(run_id, kept, began)
        # Left by its owner, or ended between two parts of the look.
        if seen is not None and is_left(seen.run, seen.is_held):
            seen = await self._look(run_id, seen, began)
        self._kept.pop(run_id, None)
        if seen is not None:
            self._kept[run_id] = seen
        if len(self._kept) > MOST_RUNS:
            self._kept.popitem(last=False)
        return seen

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Take nothing as fresh after the block that was being read by then.

        Also where what the block asks for is refused: then somebody else was first.
        """
        try:
            yield
        finally:
            self._changed_at = time.monotonic()

    def _is_fresh(self, kept: Snapshot, now: float) -> bool:
        return kept.began > self._changed_at and now - kept.looked_at < FRESH_SECONDS

    async def _look(self, run_id: str, kept: Snapshot | None, began: float) -> Snapshot | None:
        run = await self._read_run(run_id, kept)
        if run is None:
            return None
        steps = await self._read_steps(run_id, kept.steps if kept else {})
        held = await self._registry.get_service("workflow_engine").leases.is_held(run_id)
        request = await self._requests.find_by_id(run_id)
        approvals = await self._read_approvals(run_id, steps)
        return Snapshot(run, steps, held, request, approvals, began, time.monotonic())

    async def _read_run(self, run_id: str, kept: Snapshot | None) -> Workflow | None:
        version = (await self._runs.versions({"id": run_id})).get(run_id)
        if kept is not None and kept.run.version == version:
            return kept.run
        found: Workflow | None = await self._runs.find_by_id(run_id)
        return found

    async def _read_steps(self, run_id: str, kept: dict[str, StepRun]) -> dict[str, StepRun]:
        versions = await self._steps.versions({"run_id": run_id})
        same = {i: s for i, s in kept.items() if versions.get(i) == s.version}
        changed = [step_id for step_id in versions if step_id not in same]
        if not changed:
            return same
        found = await self._steps.find_all({"run_id": run_id, "id": changed})
        return same | {step.id: step for step in found}

    async def _read_approvals(self, run_id: str, steps: dict[str, StepRun]) -> list[Approval]:
        if not any(step.type == "approval" for step in steps.values()):
            return []
        found: list[Approval] = await self._approvals.find_all({"run_id": run_id})
        return found


class FigureCache:
    """The figures of the home page, counted anew only when a run has changed or a day begun.

    Used from one event loop only.
    """

    def __init__(self, registry: ServiceRegistry) -> None:
        self._runs = registry.get_repository("workflow")
        self._versions: dict[str, int] = {}
        self._facts: dict[str, Mapping[str, Any]] = {}  # of runs of the last days, by id
        self._counted: tuple[date, Figures] | None = None

    async def read(self, now: datetime) -> Figures:
        """Return the figures as of now."""
        versions = await self._runs.versions()
        if self._counted is None or self._counted[0] != now.date() or self._versions != versions:
            await self._read_facts(versions, now - timedelta(days=DAYS))
            # As they were before the facts were read: what has changed since is read next time.
            self._versions = versions
            self._counted = now.date(), figures_of(list(self._facts.values()), now)
        return self._counted[1]

    async def _read_facts(self, versions: Mapping[str, int], since: datetime) -> None:
        changed = [
            each for each, version in versions.items() if self._versions.get(each) != version
        ]
        kept = {each: facts for each, facts in self._facts.items() if each in versions}
        if len(changed) <= FACTS_PAGE:
            found = await self._runs.find_fields(_FIELDS, {"id": changed}, limit=None)
        else:
            found = await self._newest(since)
        every = kept | {facts["id"]: facts for facts in found}
        self._facts = {each: facts for each, facts in every.items() if facts["created_at"] >= since}

    async def _newest(self, since: datetime) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = await self._runs.find_fields(_FIELDS, limit=FACTS_PAGE, offset=len(found))
            found += page
            if len(page) < FACTS_PAGE or page[-1]["created_at"] < since:
                return found
