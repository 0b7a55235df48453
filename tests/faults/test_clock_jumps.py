"""A clock that jumps in the middle of a run loses no work and doubles none."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from symphony_core.errors import LeaseLost
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.runtime.bootstrap import open_registry
from tests.faults.conftest import NewStory
from tests.support.in_process import Scene
from tests.support.ledger import Ledger
from tests.support.processes import until
from tests.support.tale import questions
from tests.support.truth import context_of

pytestmark = pytest.mark.long

HOUR = timedelta(hours=1)


class Jumping:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.offset


@pytest.fixture
def models(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("OPENAI_BASE_URL", ledger.server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    return ledger


@pytest.mark.parametrize(("name", "jump"), [("ahead", HOUR), ("back", -HOUR)])
async def test_a_run_whose_clock_jumps_is_complete_and_did_nothing_twice(
    name: str, jump: timedelta, models: Ledger, undisturbed: dict[str, Any]
) -> None:
    clock = Jumping()
    scene = Scene(models, f"jump-{name}", clock)
    await scene.begin()
    clock.offset = jump
    run = await scene.finish()
    assert run.status == "completed"
    assert context_of({"runs": [run.to_dict()]}) == undisturbed
    assert scene.asked() == dict.fromkeys(questions(), 1)
    for row in [run, *await scene.rows("step_run")]:
        assert row.started_at <= row.completed_at
    numbers = [event.number for event in await scene.rows("run_event")]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


async def check_not_taken(models: Ledger, name: str, jump: timedelta) -> None:
    """Check that another engine on the same clock leaves a run to its living owner."""
    clock = Jumping()
    scene = Scene(models, name, clock)
    run = await scene.begin()
    clock.offset = jump
    with pytest.raises(LeaseLost):
        async with asyncio.timeout(5):
            await WorkflowEngine(scene.registry, clock=clock).run_workflow(run.id)
    assert (await scene.finish()).status == "completed"
    assert scene.asked() == dict.fromkeys(questions(), 1)


async def test_a_clock_put_back_takes_no_run_from_its_living_owner(models: Ledger) -> None:
    await check_not_taken(models, "taken-back", -HOUR)


async def test_a_clock_put_ahead_takes_no_run_from_its_living_owner(models: Ledger) -> None:
    await check_not_taken(models, "taken-ahead", HOUR)


async def test_a_clock_put_back_keeps_no_dead_owners_run(
    new_story: NewStory, models: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = new_story("kept-back")
    hold = story.hold("facts")
    process = story.run()
    story.wait_for("facts")
    process.kill()
    hold.release()
    registry = open_registry(f"sqlite:///{story.folder / 'symphony.db'}")
    engine = WorkflowEngine(registry, clock=lambda: utc_now() - HOUR)
    (run,) = await registry.get_repository("workflow").find_all()

    async def taken() -> bool:
        with suppress(LeaseLost):
            return bool((await engine.run_workflow(run.id)).status == "completed")
        return False

    assert await until(taken, seconds=10)
    assert story.asked() == {**dict.fromkeys(questions(), 1), "facts": 2}
