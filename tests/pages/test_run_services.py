"""What pages may ask for about runs: what is shown is how they stand now."""

import asyncio

import pytest

from dashboard import run_services
from dashboard.snapshots import Snapshots
from dashboard.viewmodels.runs import run_row
from symphony_core.approval import ApprovalStatus
from symphony_core.errors import NotPossible
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import get_template
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import WorkflowStatus
from tests.orchestration.test_engine import ask
from tests.pages.conftest import start_run
from tests.pages.test_run_controls_page import check, question, run_steps

pytestmark = pytest.mark.usefixtures("store")


def test_who_comes_second_sees_the_answer_of_the_first_at_once(store: ServiceRegistry) -> None:
    run = run_steps(store, ask("a", "A?"), check())
    asked = question(store, run)
    engine: WorkflowEngine = store.get_service("workflow_engine")
    before = run_services.view_run(run.id)
    asyncio.run(engine.control.answer(asked.id, ApprovalStatus.REJECTED))
    with pytest.raises(NotPossible):
        run_services.approve(asked.id)
    after = run_services.view_run(run.id)
    assert before is not None
    assert after is not None
    assert [len(view.questions) for view in (before, after)] == [1, 0]


@pytest.mark.parametrize("turns", range(12))
async def test_what_was_being_read_when_a_run_changed_is_read_again(
    store: ServiceRegistry, turns: int
) -> None:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    run = await asyncio.to_thread(start_run, store)
    snapshots = Snapshots(store)
    reading = asyncio.create_task(snapshots.read(run.id))
    for _ in range(turns):
        await asyncio.sleep(0)
    with snapshots.changing():
        await engine.control.pause(run.id)
    await reading
    shown = await snapshots.read(run.id)
    assert shown is not None
    assert shown.run.status == WorkflowStatus.PAUSED


async def test_a_run_that_somebody_runs_is_never_shown_as_interrupted(
    store: ServiceRegistry,
) -> None:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    runs, snapshots = store.get_repository("workflow"), Snapshots(store)
    template = get_template("critic-revise")
    shown: set[str] = set()
    for _ in range(6):
        run = engine.new_run(template.build(), template.sample_inputs())
        running = asyncio.create_task(engine.execute_run(run))
        while not running.done():
            with snapshots.changing():  # so that every look is a new one
                pass
            seen = await snapshots.read(run.id)
            found = await runs.find_all({"id": [run.id]})
            shown |= {row.status for row in await run_services.read_rows(found, engine.leases)}
            if seen is not None:
                shown.add(run_row(seen.run, seen.is_held, utc_now()).status)
        await running
    assert {"running", "completed"} <= shown <= {"pending", "running", "completed"}
