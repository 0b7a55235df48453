"""A page that changes faster than the scripts of its graphs come, or are called."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.assets import loader

pytestmark = pytest.mark.browser

# Draws a difference as Streamlit does, whose browser is busy: the old call is ended before the new
# one is made. Tells whether the element stayed, and how many there are in the end.
DRAW_AND_END = """async (script) => {
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { default: draw } = await import(url);
    const parentElement = document.body.appendChild(document.createElement("div"));
    const drawn = (text) => {
        const pieces = [{ kind: "same", text }];
        return draw({ data: { pieces, legend: { removed: "-", added: "+" } }, parentElement });
    };
    const end = drawn("Old");
    const element = parentElement.firstElementChild;
    end();
    const endForGood = drawn("New");
    const stayed = parentElement.firstElementChild === element;
    parentElement.remove();
    endForGood();
    return [stayed, element.textContent, parentElement.childElementCount];
}"""


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


def test_an_element_stays_where_data_follows_data_before_it_is_drawn(page: Page) -> None:
    script = loader("difference.js")
    assert page.evaluate(DRAW_AND_END, script) == [True, "- +New", 0]
