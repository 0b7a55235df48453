"""A run's report in a browser: from disk, without a network, and with hostile texts in it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.bridge import wait_for
from dashboard.report.contents import Report
from dashboard.report.page import to_html
from symphony_core.registry import ServiceRegistry
from tests.support.dashboard import DESKTOP, PHONE
from tests.support.reports import hostile_run, report_of

pytestmark = pytest.mark.browser

BLOCKED = "Content Security Policy"  # a browser's word for what it did not let run


@pytest.fixture
def report(registry: ServiceRegistry) -> Report:
    """The report of a run in which everything is hostile."""

    async def make() -> Report:
        return await report_of(registry, await hostile_run(registry))

    return wait_for(make())


@pytest.fixture
def file(report: Report, tmp_path: Path) -> Path:
    """The report on the disk."""
    file = tmp_path / "report.html"
    file.write_text(to_html(report), encoding="utf-8")
    return file


def open_file(browser: Browser, file: Path, heard: list[str], **more: Any) -> Page:
    """Open a file without a network; what the page asks for or complains of is noted."""
    page = browser.new_context(offline=True, **more).new_page()
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_opens_from_disk_and_draws_the_graph(
    browser: Browser, report: Report, file: Path, size: dict[str, int]
) -> None:
    heard: list[str] = []
    page = open_file(browser, file, heard, viewport=size)
    nodes = page.locator(".react-flow__node")
    expect(nodes.last).to_be_visible()
    assert nodes.count() == len({step.step_id for step in report.facts.records})
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert heard == [file.as_uri()]
    page.context.close()


def test_a_node_leads_to_its_step(browser: Browser, file: Path) -> None:
    page = open_file(browser, file, [], viewport=DESKTOP)
    step = page.locator('details[data-node="end"]')
    step.evaluate("step => step.open = false")
    node = page.locator('.react-flow__node[data-id="end"]')
    node.focus()
    node.press("Enter")
    expect(step).to_have_attribute("open", "")
    expect(step).to_be_in_viewport()
    page.context.close()


def test_hostile_texts_are_texts(browser: Browser, report: Report, file: Path) -> None:
    page = open_file(browser, file, [], viewport=DESKTOP)
    expect(page.locator(".react-flow__node").last).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, iframe, base, form, textarea, script").count() == 2  # data, drawing
    assert (
        page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
            ".filter(a => a.name.startsWith('on')).length"
        )
        == 0
    )
    links = page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert all(link.startswith(("#", "https://reactflow.dev")) for link in links)

    texts = page.locator("pre.text").evaluate_all("all => all.map(each => each.textContent)")
    asked = [step for step in report.view.steps if step.prompt]
    assert len(asked) > 10
    for step in asked:
        for text in (step.prompt, step.instructions, step.output):
            assert not text or shown(text) in texts
    names = page.locator("h3").evaluate_all("all => all.map(each => each.textContent)")
    assert names == [shown(step.label) for step in report.view.steps]
    page.context.close()


def test_it_is_read_without_javascript(browser: Browser, report: Report, file: Path) -> None:
    page = open_file(browser, file, [], java_script_enabled=False)
    for heading in ("Result", "Workflow", "Timeline", "Steps", "Figures", "Events"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_text("The drawing needs JavaScript.")).to_be_visible()
    page.locator("summary", has_text="events, in order").click()
    expect(page.get_by_text("Run failed")).to_be_visible()
    page.context.close()


def test_no_script_but_its_own_can_run(browser: Browser, file: Path) -> None:
    heard: list[str] = []
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("</footer>", "</footer><script>window.hacked = 1</script>"), "utf-8"
    )
    page = open_file(browser, file, heard)
    expect(page.locator(".react-flow__node").last).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert any(BLOCKED in line for line in heard)
    page.context.close()


def shown(text: str) -> str:
    """Return a text as a browser gives it back: with what HTML cannot hold replaced."""
    unfit = {*range(0, 9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF}
    return "".join("\ufffd" if ord(sign) in unfit else sign for sign in text)
