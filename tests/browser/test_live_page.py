"""The page of a live run: what has not changed is left alone, and when the run ends it is still."""

import json
import time
from typing import Any

import pytest
from playwright.sync_api import JSHandle, Locator, Page, WebSocket, expect

from tests.support.dashboard import Dashboard
from tests.support.looks import Watch

pytestmark = [pytest.mark.browser, pytest.mark.long]

SHORT, LONG = 60, 2400  # words; three of them take a twentieth of a second, so 1 and 40 seconds
SECONDS = 60
TIMELINE_LANE = 34  # pixels by which what stands below a timeline may move when a step begins

# Counts what is taken away inside an element, or has its text changed, from now on.
KEEP = """element => {
    const kept = { element, parts: [...element.querySelectorAll("*")], changes: [] };
    new MutationObserver((changes) => kept.changes.push(...changes.filter(
        (change) => change.removedNodes.length || change.type === "characterData",
    ))).observe(element, { childList: true, subtree: true, characterData: true });
    return kept;
}"""
LOST = """kept => [
    ...(kept.element.isConnected ? [] : ["the whole"]),
    ...kept.parts.filter((part) => !part.isConnected).map((part) => part.outerHTML),
    ...kept.changes.map((change) => change.target.outerHTML ?? change.target.data),
].map((lost) => lost.slice(0, 200))"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The first answer of a sample comes soon; the next ones take most of a minute each."""
    script = tmp_path_factory.mktemp("script") / "live.json"
    soon = {"match": "Write two short paragraphs", "reply": words(SHORT)}
    late = {"match": "", "reply": words(LONG)}
    script.write_text(json.dumps({"delay_s": 0.05, "replies": [soon, late]}))
    return f"scripted:{script}"


def words(number: int) -> str:
    return " ".join(f"word{count}" for count in range(number))


def card(page: Page, name: str) -> Locator:
    return page.locator("[class*=st-key-step-]").filter(has_text=name).first


def open_live_run(page: Page) -> None:
    """Open a run whose first step is done, and whose second one is being written."""
    page.locator(".st-key-Run-critic-revise button").click()
    expect(page.get_by_role("heading", name="Critic and revise")).to_be_visible()
    expect(card(page, "Critique").get_by_text("word9 ")).to_be_visible()
    expect(page.locator(".symphony-timeline .barlayer .point")).to_have_count(2)


def place_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def test_what_has_not_changed_is_left_alone(page: Page, dashboard: Dashboard) -> None:
    """For a minute somebody reads in a done step, while others are written and end."""
    open_live_run(page)
    done = card(page, "Initial Response")
    done.get_by_text("Prompt, as it was sent").click()
    question = done.get_by_text("Write two short paragraphs about")
    expect(question).to_be_visible()
    question.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)  # until what the click began is drawn
    graph = page.locator(".react-flow__nodes")
    first_node = page.locator(".react-flow__node").first
    kept: dict[str, JSHandle] = {
        "the card of a done step": done.evaluate_handle(KEEP),
        "the node of a done step": first_node.evaluate_handle(KEEP),
        "the figure of the timeline": page.locator(".symphony-timeline").evaluate_handle(
            "box => ({ element: box, parts: [...box.querySelectorAll('svg, g.point')], changes: [] })"
        ),
        "the nodes": graph.evaluate_handle(
            "nodes => ({ element: nodes, parts: [...nodes.children], changes: [] })"
        ),
    }
    written = card(page, "Critique").evaluate_handle(KEEP)
    place = place_of(question)
    watch = Watch(page, dashboard, page.url.partition("run=")[2])
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        watch.look()
        assert abs(place_of(question) - place) <= TIMELINE_LANE
        page.wait_for_timeout(500)
    assert {what: handle.evaluate(LOST) for what, handle in kept.items()} == dict.fromkeys(kept, [])
    assert written.evaluate(LOST), "the text that is written changes, or nothing is seen here"


def test_nothing_is_asked_or_sent_any_more_when_a_run_has_ended(
    page: Page, dashboard: Dashboard
) -> None:
    frames: list[Any] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(frame))
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("websocket", listen)
    page.reload()
    open_live_run(page)
    before = len(frames)
    page.wait_for_timeout(2000)
    assert len(frames) > before
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    page.wait_for_timeout(3000)  # whatever was under way
    before = len(frames)
    page.wait_for_timeout(4000)
    assert len(frames) == before
