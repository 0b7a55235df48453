"""What the home page asks for: the runs under way, the latest that are over, and their figures.

Whatever a page waits for is a look at the store; here several are one wait, for each of them has to
go to the core's thread and back.
"""

from dataclasses import dataclass

from dashboard import store
from dashboard.bridge import wait_for
from dashboard.run_services import NO_TRIES, read_rows
from dashboard.snapshots import FigureCache
from dashboard.viewmodels.figures import Figures
from dashboard.viewmodels.live import FIELDS, LiveRun, by_need, live_run
from dashboard.viewmodels.runs import ENDED, RunRow
from symphony_core.ids import utc_now
from symphony_core.orchestration.leases import Leases
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime import samples
from symphony_core.workflow import FINAL_STATUSES, WorkflowStatus

LATEST = 5
NOT_OVER = {"status": [each for each in WorkflowStatus if each not in FINAL_STATUSES], **NO_TRIES}


@dataclass(frozen=True)
class HomeView:
    """What the home page shows of the runs that are over."""

    figures: Figures
    latest: list[RunRow]
    has_samples: bool


@dataclass(frozen=True)
class UnderWay:
    """The latest of the runs that are not over, and how many there are in all."""

    runs: list[LiveRun]
    total: int


def home() -> HomeView:
    """Return the runs that are over, and the figures of all."""
    return wait_for(_home(store.registry(), store.engine().leases, store.figures()))


def under_way() -> UnderWay:
    """Return the runs that are not over."""
    return wait_for(_under_way(store.registry(), store.engine().leases))


async def _home(registry: ServiceRegistry, leases: Leases, figures: FigureCache) -> HomeView:
    runs = registry.get_repository("workflow")
    latest = await runs.find_page({"status": list(ENDED), **NO_TRIES}, limit=LATEST)
    # Samples were recorded before they were shipped: where there are newer runs, they come first.
    first = await runs.find_page(limit=1, descending=False)
    return HomeView(
        figures=await figures.read(utc_now()),
        latest=await read_rows(latest, leases),
        has_samples=any(samples.TAG in run.tags for run in [*latest, *first]),
    )


async def _under_way(registry: ServiceRegistry, leases: Leases) -> UnderWay:
    runs = registry.get_repository("workflow")
    found = await runs.find_page(NOT_OVER, limit=LATEST)
    if not found:
        return UnderWay([], 0)
    total = len(found) if len(found) < LATEST else await runs.count(NOT_OVER)
    begun = {"run_id": [run.id for run in found], "status": ["running", "waiting"]}
    steps = await registry.get_repository("step_run").find_fields(FIELDS, begun, limit=None)
    live = [
        live_run(row, run, [step for step in steps if step["run_id"] == run.id])
        for row, run in zip(await read_rows(found, leases), found, strict=True)
        if not row.is_over  # it has ended meanwhile
    ]
    return UnderWay(by_need(live), total - len(found) + len(live))
