"""Pictures of the pages, by day and by night, on a desktop and on a phone.

They are put into the documents when SYMPHONY_UPDATE_IMAGES is set.
"""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.report.page import to_html
from symphony_core.registry import ServiceRegistry
from tests.support.dashboard import DESKTOP, PHONE, Dashboard, in_store
from tests.support.processes import ROOT
from tests.support.reports import report_of

pytestmark = [pytest.mark.browser, pytest.mark.long]

SIZES = {"desktop": DESKTOP, "phone": PHONE}
LARGEST = 150_000  # bytes; people load these with the README

Take = Callable[[Page, str], None]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Takes four pictures of a page under a name."""
    folder = ROOT / "docs" / "images" if "SYMPHONY_UPDATE_IMAGES" in os.environ else tmp_path

    def take(page: Page, name: str) -> None:
        for size, measures in SIZES.items():
            page.set_viewport_size(measures)
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                page.wait_for_timeout(600)  # colours and the graph's size fade into each other
                wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, f"{name} is wider than a {size}"
                _save(page.screenshot(), folder / f"{name}-{theme}-{size}.png")

    return take


def open_run(page: Page, dashboard: Dashboard, run_id: str, status: str) -> None:
    page.goto(f"{dashboard.url}/run?run={run_id}")
    expect(page.locator(".react-flow__node").last).to_be_visible()
    status_shown = page.get_by_test_id("stMain").get_by_text(status)
    expect(status_shown.filter(visible=True).first).to_be_visible()


def test_a_run_under_way(
    page: Page, dashboard: Dashboard, runs: dict[str, str], take: Take
) -> None:
    open_run(page, dashboard, runs["running"], "Running")
    expect(page.get_by_text("give the devices a network of their own").first).to_be_visible()
    take(page, "run-running")


@pytest.mark.parametrize(
    ("name", "status"),
    [("waiting", "Waiting for you"), ("failed", "Failed"), ("finished", "Completed")],
)
def test_a_run(
    page: Page, dashboard: Dashboard, runs: dict[str, str], take: Take, name: str, status: str
) -> None:
    open_run(page, dashboard, runs[name], status)
    take(page, f"run-{name}")


def test_home(page: Page, dashboard: Dashboard, runs: dict[str, str], take: Take) -> None:
    expect(page.get_by_role("heading", name="Under way")).to_be_visible()
    expect(page.locator(".react-flow__node").last).to_be_attached()
    take(page, "home")


def test_a_replay(page: Page, dashboard: Dashboard, runs: dict[str, str], take: Take) -> None:
    open_run(page, dashboard, runs["finished"], "Completed")
    page.emulate_media(reduced_motion="no-preference")  # so that it plays by itself
    page.goto(f"{dashboard.url}/replay?run={runs['finished']}")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.locator(".replay[data-moment='0.000']").wait_for(state="detached")
    page.keyboard.press("Space")
    page.get_by_role("slider", name="Time").fill("1.0")
    take(page, "replay")


def test_two_runs_compared(
    page: Page, dashboard: Dashboard, runs: dict[str, str], take: Take
) -> None:
    for name in ("one", "other"):
        open_run(page, dashboard, runs[name], "Completed")
    page.goto(f"{dashboard.url}/compare?a={runs['one']}&b={runs['other']}")
    expect(page.locator("ins").first).to_be_visible()
    take(page, "compare")


def test_a_report(
    page: Page,
    context: BrowserContext,
    dashboard: Dashboard,
    runs: dict[str, str],
    take: Take,
    tmp_path: Path,
) -> None:
    open_run(page, dashboard, runs["finished"], "Completed")

    async def write(store: ServiceRegistry) -> str:
        run = await store.get_repository("workflow").find_by_id(runs["finished"])
        return to_html(await report_of(store, run))

    file = tmp_path / "report.html"
    file.write_text(in_store(dashboard, write), encoding="utf-8")
    opened = context.new_page()
    opened.goto(file.as_uri())
    expect(opened.locator(".react-flow__node").last).to_be_visible()
    take(opened, "report")


def _save(picture: bytes, file: Path) -> None:
    """Write a picture with 256 colours, which is enough for a page."""
    small = Image.open(BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    assert file.stat().st_size < LARGEST, f"{file.name} is too large"
