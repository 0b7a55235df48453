"""The main job as a visitor does it: make an agent, fill in a template, run it, watch it."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.dashboard import PHONE, Dashboard
from tests.support.looks import Watch

pytestmark = [pytest.mark.browser, pytest.mark.embedded, pytest.mark.long]


@pytest.fixture(scope="module")
def model() -> str:
    return "embedded"


def open_page(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def make_agent(page: Page, name: str) -> None:
    open_page(page, "Agents")
    page.get_by_role("button", name="New agent").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Role", exact=True).fill("Nature writer")
    page.get_by_label("Instructions", exact=True).fill("You write about nature, simply and warmly.")
    page.get_by_label("Instructions", exact=True).press("Control+Enter")
    expect(page.get_by_text("You write about nature, simply and warmly.").last).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(name, exact=True)).to_be_visible()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=re.compile(option)).click()


def wait_for_the_end(page: Page) -> None:
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Completed").first).to_be_visible()


def watch_to_the_end(page: Page, dashboard: Dashboard) -> None:
    """See that what is shown of the steps is what the store says, at every look."""
    watch = Watch(page, dashboard, page.url.partition("run=")[2])
    watch.until_the_end()
    assert watch.looks > 1
    wait_for_the_end(page)


def test_an_agent_is_made_and_writes_critic_revise(page: Page, dashboard: Dashboard) -> None:
    make_agent(page, "Thoreau")
    open_page(page, "Templates")
    page.get_by_role("button", name="Choose").first.click()
    page.get_by_role("textbox", name="Topic").fill("a pond in autumn")
    page.get_by_role("textbox", name="Topic").press("Tab")
    choose(page, "Writer", "Thoreau")
    page.get_by_role("button", name="Run now").click()

    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    step = page.locator('[data-testid="stExpander"]', has_text="Initial Response").first
    expect(step.get_by_text("Thoreau")).to_be_visible()
    first = step.inner_text()
    page.wait_for_function("old => document.body.innerText.length > old + 80", arg=len(first))

    address = page.url
    page.reload()  # in the middle: the run goes on and is shown rightly
    expect(page.get_by_role("heading", name="Critic and revise")).to_be_visible()
    assert page.url == address
    watch_to_the_end(page, dashboard)
    for name in ("Initial Response", "Critique", "Revision"):
        expect(page.get_by_text(name).first).to_be_visible()
    expect(page.get_by_text("SmolLM2-135M").first).to_be_visible()
    expect(page.get_by_text("a tiny 135M-parameter demo model").first).to_be_visible()
    card = page.locator("[class*=st-key-step-]").filter(has_text="Initial Response").first
    card.get_by_text("Prompt, as it was sent").click()
    expect(card.get_by_text("Write two short paragraphs about a pond in autumn.")).to_be_visible()
    expect(page.get_by_text("You write about nature, simply and warmly.").first).to_be_visible()
    expect(page.locator(".symphony-timeline .barlayer .point").first).to_be_visible()


@pytest.mark.parametrize(
    ("name", "step"),
    [("Parallel experts", "Response Synthesis"), ("Iterative refinement", "Improved Draft")],
)
def test_one_button_on_the_home_page_runs_a_sample(
    page: Page, dashboard: Dashboard, name: str, step: str
) -> None:
    key = name.lower().replace(" ", "-")
    page.locator(f".st-key-Run-{key} button").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page).to_have_url(re.compile("run="))
    watch_to_the_end(page, dashboard)
    expect(page.get_by_text(step).first).to_be_visible()


def test_closing_the_tab_does_not_touch_the_run(page: Page, context: BrowserContext) -> None:
    page.get_by_role("button", name="Run").first.click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    address = page.url
    page.close()
    later = context.new_page()
    later.goto(address)
    wait_for_the_end(later)


def test_restarting_the_dashboard_does_not_touch_the_run(page: Page, dashboard: Dashboard) -> None:
    page.get_by_role("button", name="Run").first.click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    address = page.url
    dashboard.stop()
    dashboard.start()
    page.goto(address)
    wait_for_the_end(page)
    expect(page.get_by_text("attempt 2")).to_have_count(0)


def test_a_run_is_readable_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Critic and revise").last.click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible()
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
