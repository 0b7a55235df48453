"""A page that changes while the scripts of its graphs are still on their way."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

pytestmark = pytest.mark.browser


class Gate:
    """Holds what is asked for until it is opened."""

    def __init__(self) -> None:
        self._held: list[Route] = []
        self._is_open = False

    def come(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self._held.append(route)

    def open(self) -> None:
        assert self._held
        self._is_open = True
        for route in self._held:
            route.continue_()


@pytest.fixture
def gate(context: BrowserContext) -> Gate:
    """The gate before every file of the graphs."""
    gate = Gate()
    context.route("**/assets/*", lambda route: gate.come(route))
    return gate


def test_graphs_are_drawn_in_cards_that_changed_meanwhile(gate: Gate, page: Page) -> None:
    page.get_by_role("button", name="Remove the samples").click()
    expect(page.get_by_text("Runs that have ended stand here.")).to_be_visible()
    expect(page.locator(".react-flow")).to_have_count(0)
    gate.open()
    expect(page.locator(".react-flow")).to_have_count(3)
    expect(page.locator(".react-flow__node").last).to_be_attached()


def test_graph_and_timeline_of_a_run_that_ended_meanwhile(gate: Gate, page: Page) -> None:
    page.locator(".st-key-Run-critic-revise button").click()
    expect(page.get_by_text("Completed").first).to_be_visible()
    expect(page.locator(".symphony-timeline")).to_have_count(0)
    gate.open()
    expect(page.locator(".react-flow__node").last).to_be_attached()
    expect(page.locator(".symphony-timeline .barlayer .point")).to_have_count(3)
