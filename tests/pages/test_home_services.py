"""What the home page asks for is what is stored now, though little of it is read anew."""

import asyncio
from datetime import timedelta

from dashboard import home_services
from dashboard.snapshots import FACTS_PAGE
from dashboard.viewmodels.figures import Day
from symphony_core.ids import utc_now
from symphony_core.persistence.repository import save_together
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import Workflow, WorkflowStatus


def save(store: ServiceRegistry, *runs: Workflow) -> None:
    repository = store.get_repository("workflow")
    asyncio.run(save_together([(repository, run) for run in runs]))


def ended(**fields: object) -> Workflow:
    run = Workflow(name="Run", input_tokens=1, **fields)  # type: ignore[arg-type]
    run.mark(WorkflowStatus.COMPLETED)
    return run


def week() -> Day:
    return home_services.home().figures.week


def test_the_figures_follow_what_comes_changes_and_goes(store: ServiceRegistry) -> None:
    assert week().runs == 0
    run, other = ended(), ended()
    save(store, run, other, ended(created_at=utc_now() - timedelta(days=8)))
    assert (week().runs, week().success, week().tokens) == (2, 1.0, 2)
    run.mark(WorkflowStatus.FAILED, "It failed.")
    run.input_tokens = 5
    save(store, run)
    assert (week().runs, week().success, week().tokens) == (2, 0.5, 6)
    asyncio.run(store.get_repository("workflow").delete(run.id))
    assert (week().runs, week().success, week().tokens) == (1, 1.0, 1)


def test_the_figures_of_many_runs_are_read_page_by_page_and_then_kept(
    store: ServiceRegistry,
) -> None:
    save(store, *(ended() for _ in range(FACTS_PAGE + 1)))
    assert week().runs == FACTS_PAGE + 1
    save(store, ended())
    assert (week().runs, week().tokens) == (FACTS_PAGE + 2, FACTS_PAGE + 2)
