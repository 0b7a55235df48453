"""Chromium in front of a real dashboard, for every test in this folder."""

from collections.abc import Generator, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.support import showcase
from tests.support.dashboard import (
    ARGUMENTS,
    BEEN_HERE,
    DESKTOP,
    Dashboard,
    find_chromium,
    in_store,
)
from tests.support.processes import PATIENCE

expect.set_options(timeout=1000 * PATIENCE)  # a busy machine is no fault of the page's


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a failure what stood on the page."""
    report = yield
    page: Any = item.funcargs.get("page")
    if report.when == "call" and report.failed and page:
        try:
            said = page.locator("body").inner_text(timeout=1000 * PATIENCE)
        except Error as error:
            said = str(error)
        report.sections.append(("The page", f"{page.url}\n{said}"))
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, of which there must be one: a browser test is never skipped.

    Playwright keeps an event loop running, which async tests cannot have beside them.
    """
    found = find_chromium()
    if found is None:
        pytest.fail("No Chromium is installed: run `python3 scripts/test`, which installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def model() -> str:
    """The model of the module's dashboard."""
    return "scripted"


@pytest.fixture(scope="module")
def program() -> Sequence[str]:
    """What serves the module's pages."""
    return ("app.py",)


@pytest.fixture(scope="module")
def dashboard(
    tmp_path_factory: pytest.TempPathFactory, model: str, program: Sequence[str]
) -> Iterator[Dashboard]:
    """A dashboard for a module of tests, which share its data."""
    dashboard = Dashboard(tmp_path_factory.mktemp("dashboard") / "data", model, program)
    dashboard.start()
    yield dashboard
    dashboard.stop()


@pytest.fixture(scope="module")
def runs(dashboard: Dashboard, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The ids of runs in all states, whose model speaks a script of their own."""
    model = showcase.write_script(tmp_path_factory.mktemp("showcase"))
    return in_store(dashboard, lambda store: showcase.begin_all(store, model))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor of their own, who has been here before: no tour greets them.

    They want little motion: without a graphics card, animations take the processor from the tests.
    """
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.add_init_script(BEEN_HERE)
    context.set_default_timeout(1000 * PATIENCE)
    context.on("page", _let_it_be_drawn)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, dashboard: Dashboard) -> Page:
    """A tab on the home page; it must ask nobody but the dashboard for anything."""
    page = context.new_page()
    page.on("request", lambda request: _same_place(request.url, dashboard))
    page.goto(dashboard.url)
    return page


def _let_it_be_drawn(page: Page) -> None:
    """Have what is done on a page, and what is expected of it, wait until it is drawn.

    What is pressed or opened while a page is drawn anew may go away with what stood there before.
    """
    drawing = page.locator('[data-testid="stApp"][data-test-script-state="running"]')
    page.add_locator_handler(drawing, lambda: None)  # Playwright itself waits until it is not there


def _same_place(url: str, dashboard: Dashboard) -> None:
    assert url.startswith((dashboard.url, "data:", "blob:")), f"a request leaves: {url}"
