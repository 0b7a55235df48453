"""A worker killed when an agent has called a tool: the step runs once more, and all of it is told."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.viewmodels.runs import Facts, RunView, run_view
from symphony_core.agent_config import AgentCapabilities
from symphony_core.ids import utc_now
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import RunEvent
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow
from tests.support.openai_server import Body, OpenAIServer
from tests.support.processes import until, worker
from tests.support.tale import WRITER, ask, workflow

pytestmark = pytest.mark.long

# The tool writes down that it was called, and hangs where the test wants that.
TOOL = """
import pathlib, time
folder = pathlib.Path(__file__).parent
def order(item: str) -> str:
    "Order an item."
    with (folder / f"{item}.calls").open("a") as calls:
        print("called", file=calls)
    while (folder / f"{item}.hangs").exists():
        time.sleep(0.05)
    return f"Ordered: {item}"
"""
HANGING, ASKED, ONCE = "hat", "coat", "cake"  # what each run orders, by which they are told apart


class Shop:
    """A model in the test's own process, which has a tool called before it answers."""

    def __init__(self) -> None:
        self.server = OpenAIServer(self._answer)
        self.server.tool_calls = self._calls
        self.goes_on = threading.Event()

    def asked(self) -> Counter[tuple[str, int]]:
        """How often each question was asked with how many answers of tools."""
        with self.server.lock:
            return Counter(map(_question, self.server.bodies))

    def _calls(self, body: Body) -> list[tuple[str, str]]:
        question, answers = _question(body)
        is_order = question.startswith("[order]") and not answers
        return [("order", json.dumps({"item": question.split()[-1]}))] if is_order else []

    def _answer(self, body: Body) -> str:
        question, answers = _question(body)
        if answers:
            self.goes_on.wait(60)  # the tool has answered, and the step has not ended
        return f"{question} is done"


def _question(body: Body) -> tuple[str, int]:
    said = [message for message in body["messages"] if message["role"] == "user"]
    return str(said[-1]["content"]), sum(each["role"] == "tool" for each in body["messages"])


class Story:
    """The runs, and what is stored of each."""

    def __init__(self, folder: Path, shop: Shop) -> None:
        self.store: ServiceRegistry = open_registry()
        self.folder = folder
        self.shop = shop
        self.runs: dict[str, str] = {}

    async def start(self) -> None:
        writer = WRITER.model_copy(update={"capabilities": AgentCapabilities(tools=["order"])})
        await self.store.get_repository("agent_config").save(writer)
        engine = self.store.get_service("workflow_engine")
        for item in (HANGING, ASKED, ONCE):
            run = engine.new_run(_definition(item), model="openai-chat:shop")
            await engine.start_run(run)
            self.runs[item] = run.id

    async def run(self, item: str) -> Workflow:
        found = await self.store.get_repository("workflow").find_by_id(self.runs[item])
        assert isinstance(found, Workflow)
        return found

    async def steps(self, item: str) -> dict[str, StepRun]:
        rows = await self.store.get_repository("step_run").find_all({"run_id": self.runs[item]})
        return {row.path: row for row in rows}

    async def told(self, item: str) -> list[RunEvent]:
        """Return what is told of the step that calls the tool, in order."""
        wanted = {"run_id": self.runs[item], "path": "order"}
        events = await self.store.get_repository("run_event").find_all(wanted)
        return sorted(events, key=lambda event: event.number)

    def calls(self, item: str) -> int:
        return (self.folder / f"{item}.calls").read_text().count("called")

    async def is_caught(self) -> bool:
        """Tell whether each run is where its worker is to be killed, and that is stored."""
        asked = self.shop.asked()
        is_hanging = (self.folder / f"{HANGING}.calls").exists()
        return is_hanging and all(
            [
                asked[f"[order] {item}", 1] and (await self.told(item))[-1].type == "tool_answered"
                for item in (ASKED, ONCE)
            ]
        )

    async def are_over(self) -> bool:
        return all([(await self.run(item)).status.is_final for item in self.runs])

    async def seen_dead(self) -> RunView:
        """Return the run whose tool hangs as a page shows it while nobody runs it."""
        steps = list((await self.steps(HANGING)).values())
        return run_view(Facts(await self.run(HANGING), steps), utc_now(), {})


def _definition(item: str) -> WorkflowDefinition:
    order = ask("order", item)
    order.retry_after_crash = item != ONCE
    return workflow(ask("first", item), order, ask("last", item))


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    with shop.server:
        yield shop
        shop.goes_on.set()


async def test_the_step_that_called_a_tool_runs_once_more_and_both_times_are_told(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_shop.py").write_text(TOOL)
    (tmp_path / f"{HANGING}.hangs").touch()
    (tmp_path / "tools.json").write_text(json.dumps({"functions": ["their_shop:order"]}))
    for name, value in {
        "SYMPHONY_TOOLS": str(tmp_path / "tools.json"),
        "PYTHONPATH": str(tmp_path),
        "OPENAI_BASE_URL": shop.server.base_url,
        "OPENAI_API_KEY": "none",
    }.items():
        monkeypatch.setenv(name, value)
    story = Story(tmp_path, shop)
    await story.start()
    with worker() as first:
        await until(story.is_caught)
        first.kill()
        await asyncio.to_thread(first.wait)
    before = {item: await story.told(item) for item in story.runs}
    seen = await story.seen_dead()
    shop.goes_on.set()
    (tmp_path / f"{HANGING}.hangs").unlink()
    with worker():
        await until(story.are_over)

    [use] = next(step for step in seen.steps if step.path == "order").tool_uses
    assert (use.is_running, use.duration_s) == (False, None), "shown as if an answer could come"
    for item, then in ((HANGING, []), (ASKED, ["tool_answered"])):
        await _check_twice(story, item, before[item], ["step_started", "tool_called", *then])
    await _check_once(story, before[ONCE])


async def _check_twice(
    story: Story, item: str, before: list[RunEvent], until_killed: list[str]
) -> None:
    """What had ended is not done again; what had not begins from its start, once more."""
    run, steps, told = await story.run(item), await story.steps(item), await story.told(item)
    assert (run.status, run.error) == ("completed", None)
    assert {path: step.attempt for path, step in steps.items()} == {
        "first": 1,
        "order": 2,
        "last": 1,
    }
    assert story.calls(item) == 2
    asked = story.shop.asked()
    assert [asked[f"[{step}] {item}", 0] for step in ("first", "order", "last")] == [1, 2, 1]
    whole = ["step_started", "tool_called", "tool_answered", "step_completed"]
    assert [event.type for event in told] == [*until_killed, *whole]
    assert [_facts(event) for event in told[: len(before)]] == [_facts(event) for event in before]
    assert [event.data["number"] for event in told if event.type == "tool_called"] == [1, 1]
    [use] = steps["order"].tool_uses
    assert (use.number, use.answer, use.failed) == (1, f"Ordered: {item}", False)
    assert [attempt.number for attempt in steps["order"].attempts] == [1]


async def _check_once(story: Story, before: list[RunEvent]) -> None:
    """A step that must not run twice does not, and says why."""
    run, steps, told = await story.run(ONCE), await story.steps(ONCE), await story.told(ONCE)
    assert run.status == steps["order"].status == "failed"
    assert "it must not run twice" in str(steps["order"].error)
    assert [event.type for event in told] == [*(event.type for event in before), "step_failed"]
    assert story.calls(ONCE) == story.shop.asked()[f"[order] {ONCE}", 0] == 1
    assert [use.answer for use in steps["order"].tool_uses] == [f"Ordered: {ONCE}"]
    assert "last" not in steps


def _facts(event: RunEvent) -> tuple[Any, ...]:
    return event.number, event.type, event.data
