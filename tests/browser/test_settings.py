"""The defaults are chosen on the settings page, by one person or by two, and new runs have them."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.controls import press
from tests.support.dashboard import Dashboard

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def model() -> str:
    """None: the settings decide."""
    return ""


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Answers for every agent without a model of its own")


def pick(page: Page, typed: str) -> None:
    field(page).fill(typed)
    page.get_by_role("option", name=typed).click()


def test_defaults_are_chosen_and_kept_by_new_runs(
    page: Page, context: BrowserContext, dashboard: Dashboard
) -> None:
    other = context.new_page()
    for tab in (page, other):
        tab.goto(f"{dashboard.url}/settings")
        expect(tab.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    pick(page, "gpt-x")
    press(page, "Save")
    expect(page.get_by_text("There is no model 'gpt-x'").last).to_be_visible()
    pick(page, "Scripted model")
    press(page, "Save")
    expect(page.get_by_text("Model: Scripted model")).to_be_visible()

    pick(other, "openai-chat:theirs")
    press(other, "Save")
    expect(other.get_by_text("Somebody else has changed this")).to_be_visible()
    press(other, "Undo")
    expect(other.get_by_text("Model: Scripted model")).to_be_visible()
    expect(other.get_by_role("button", name="Save", exact=True)).to_be_disabled()

    page.get_by_role("radio", name="Limits").click()
    page.get_by_label("Model calls").fill("20")
    page.get_by_label("Model calls").press("Enter")
    press(page, "Save")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    page.goto(f"{dashboard.url}/templates?template=critic-revise")
    expect(page.get_by_text("Limited to 20 model calls.")).to_be_visible()
    press(page, "Run now")
    expect(page.get_by_text("of 20 model calls")).to_be_visible()
    expect(page.get_by_text("Completed").filter(visible=True).first).to_be_visible()
