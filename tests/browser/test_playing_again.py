"""A finished run is played again in the browser alone, as the store says it went."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, WebSocket, expect

from dashboard.theme import STATUS
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import RunEvent
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow
from tests.support.dashboard import Dashboard, in_store

pytestmark = [pytest.mark.browser, pytest.mark.long]


@dataclass
class Recorded:
    """What the store holds of one run."""

    run: Workflow
    steps: list[StepRun]
    events: list[RunEvent]

    @property
    def begun(self) -> datetime:
        return next(event.at for event in self.events if event.type == "run_started")

    def words_at(self, moment: float) -> dict[str, str]:
        """The word of every step's status that many seconds after the start, by its node."""
        words = {}
        for event in self.events:
            if event.path is not None and event.at <= self.begun + timedelta(seconds=moment):
                status = event.type.removeprefix("step_").replace("started", "running")
                node = event.path.replace("#1", "").replace("#2", "")
                words[node] = STATUS[status].word
        return words


@pytest.fixture(scope="module")
def model() -> str:
    """A model that is not there."""
    return "scripted:/nowhere.json"


@pytest.fixture
def recorded(page: Page, dashboard: Dashboard) -> Recorded:
    """The sample run that has a loop."""
    expect(page.get_by_text("Iterative refinement").first).to_be_visible()  # the store is filled

    async def read(store: ServiceRegistry) -> Recorded:
        runs = store.get_repository("workflow")
        [run] = [r for r in await runs.find_all() if r.template == "iterative-refinement"]
        mine = {"run_id": run.id}
        events = await store.get_repository("run_event").find_all(mine)
        return Recorded(
            run,
            await store.get_repository("step_run").find_all(mine),
            sorted(events, key=lambda event: event.number),
        )

    return in_store(dashboard, read)


@pytest.fixture
def sent(page: Page) -> list[str | bytes]:
    """What the browser tells the server from when the page is opened next."""
    frames: list[str | bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(frame))

    page.on("websocket", listen)
    return frames


def scrub(page: Page, moment: float) -> None:
    page.get_by_role("slider", name="Time").fill(f"{moment:.3f}")
    expect(page.locator(".replay")).to_have_attribute("data-moment", f"{moment:.3f}")


def open_paused(page: Page, address: str) -> None:
    """Open a run's replay, which plays by itself once its script is there, and pause it."""
    page.emulate_media(reduced_motion="no-preference")
    page.goto(address)
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.locator(".replay[data-moment='0.000']").wait_for(state="detached")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_replay_shows_what_the_store_says(
    page: Page, dashboard: Dashboard, recorded: Recorded, sent: list[str | bytes]
) -> None:
    open_paused(page, f"{dashboard.url}/?run={recorded.run.id}")
    asked = len(sent)
    for record in recorded.steps:
        if record.type != "task":
            continue
        number = len(record.rhythm) // 2
        (before, written), (after, more) = record.rhythm[number : number + 2]
        moment = (record.started_at - recorded.begun).total_seconds()
        moment += (before + after) / 2000
        scrub(page, moment)
        for node, word in recorded.words_at(moment).items():
            shown = page.locator(f".react-flow__node[data-id='{node}']")
            expect(shown).to_contain_text(word)
        card = page.locator(f".speaker[data-path='{record.path}']")
        expect(card).to_have_attribute("data-status", "running")
        text = card.locator(".text.growing").text_content() or ""
        assert record.output.startswith(text)
        assert written <= len(text) <= more
    page.keyboard.press("End")
    result = next(step for step in recorded.steps if step.type == "loop").output
    expect(page.locator(".speaker.end .text")).to_have_text(result, use_inner_text=False)
    assert "The run is finished" in (page.locator(".caption").text_content() or "")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.wait_for_timeout(1_000)  # a browser that is still at it hears no second wish
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    assert len(sent) == asked  # nobody was asked anything
