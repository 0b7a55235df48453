"""The tour as somebody sees it who comes for the first time, and a run on a projector."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.dashboard import DESKTOP, PHONE, Dashboard

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_tour_greets_once_goes_by_keyboard_and_comes_back_when_asked(
    browser: Browser, dashboard: Dashboard
) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{dashboard.url}/runs")
    page.get_by_role("link", name="Critic and revise").first.click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible()
    tour = page.get_by_role("dialog")
    expect(tour).to_have_count(0)  # who opens one run is not greeted

    page.get_by_role("link", name="Home", exact=True).first.click()
    expect(tour.get_by_text("1 of 5")).to_be_visible()
    for number in range(2, 6):
        tour.get_by_role("button", name="Next").press("Enter")
        expect(tour.get_by_text(f"{number} of 5")).to_be_visible()
        expect(tour.get_by_role("img")).to_be_visible()
    tour.get_by_role("button", name="Done").press("Enter")
    expect(tour).to_have_count(0)

    page.reload()
    expect(page.get_by_role("heading", name="Latest runs")).to_be_visible()
    page.wait_for_timeout(1_500)  # in which it would come
    expect(tour).to_have_count(0)

    page.get_by_role("button", name="Take the tour").click()
    expect(tour.get_by_text("1 of 5")).to_be_visible()
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    page.get_by_role("button", name="Run", exact=True).first.click()
    expect(page.get_by_role("heading", name="Critic and revise")).to_be_visible()
    expect(tour).to_have_count(0)
    context.close()


def test_a_presented_run_is_larger_survives_a_reload_and_can_always_be_left(page: Page) -> None:
    page.get_by_role("link", name="Critic and revise").last.click()
    result = page.get_by_role("heading", name="Result")
    expect(result).to_be_visible()
    size = "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
    before = page.evaluate(size)
    page.get_by_text("Presenter mode").click()
    leave = page.get_by_role("button", name="Leave presenter mode")
    expect(leave).to_be_in_viewport()
    for reload in (False, True):
        if reload:
            page.reload()
        expect(result).to_be_visible()
        expect(leave).to_be_in_viewport()
        page.wait_for_function(f"before => {size} > before * 1.2", arg=before)
        expect(page.get_by_role("link", name="Agents", exact=True)).to_have_count(0)
        expect(page.get_by_role("button", name="Run again", exact=True)).to_have_count(0)
        expect(page.get_by_text("Prompt, as it was sent")).to_have_count(0)
    page.set_viewport_size(PHONE)
    expect(leave).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    page.set_viewport_size(DESKTOP)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Agents", exact=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile("present"))
    page.wait_for_function(f"before => {size} === before", arg=before)
