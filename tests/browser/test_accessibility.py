"""Every page as axe sees it: nothing in it keeps people out who cannot see, hear or point well."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.report.page import to_html
from symphony_core.agent_shelf import AgentShelf
from symphony_core.registry import ServiceRegistry
from symphony_core.shelf import Shelf
from symphony_core.workflow import RunPurpose
from tests.pages.test_workflow_services import document
from tests.support.dashboard import Dashboard, in_store, wait_until_done
from tests.support.reports import report_of
from tests.support.shelves import save_twice
from tests.support.web import barriers

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def kept(dashboard: Dashboard, runs: dict[str, str]) -> None:
    """Versions of an agent and of a workflow, with tags, and a try."""
    in_store(dashboard, keep)


async def keep(registry: ServiceRegistry) -> None:
    agents = AgentShelf(registry)
    ada = await agents.need("writer")
    ada.instruction_template += " Begin with the most important thing."
    await agents.save(ada)
    letter = {**document("Letter"), "id": "letter"}
    await save_twice(registry, letter, ["home", "letters"], description="A kinder letter")
    engine = registry.get_service("workflow_engine")
    definition = await Shelf(registry).need_saved("letter")
    tried = engine.new_run(definition, {"topic": "rain"}, purpose=RunPurpose.TRY)
    await engine.start_run(tried)


def check(page: Page) -> None:
    """Hold a page against axe by day and by night."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for milliseconds in (500, 3_000):  # colours fade into each other, late on a busy machine
            page.wait_for_timeout(milliseconds)
            if not (found := barriers(page, theme)):
                break
        else:
            pytest.fail("\n".join(found))


def shown(page: Page, *, heading: str | None = None, text: str | None = None) -> None:
    there = page.get_by_role("heading", name=heading) if heading else page.get_by_text(text or "")
    expect(there.first).to_be_visible()


def drawn(page: Page) -> None:
    expect(page.locator(".react-flow__node").last).to_be_attached()


def test_home_without_runs(page: Page) -> None:
    page.get_by_role("button", name="Remove the samples").click()
    shown(page, text="Runs that have ended stand here.")
    drawn(page)
    check(page)
    page.get_by_role("button", name="Put them back").click()
    expect(page.get_by_role("button", name="Remove the samples")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("", "Latest runs"),
        ("templates", "Templates"),
        ("templates?template=parallel-experts", "Parallel experts"),
        ("agents", "Agents"),
        ("builder", "Builder"),
        ("agents?agent=writer", "Ada"),
        ("agents?agent=writer&view=try", "Ada"),
        ("agents?agent=writer&view=versions", "What differs"),
        ("agents?agent=writer&view=uses", "Ada"),
        ("agents?agent=writer&view=export", "Ada"),
        ("runs", "Runs"),
        ("runs?tries=true", "Runs"),
        ("workflows", "Workflows"),
        ("workflow?workflow=letter", "Letter"),
        ("run?run=nowhere", "Run"),
        ("settings", "Default model"),
        ("settings?model=new", "New model"),
        ("settings?part=Limits", "Limits of new runs"),
        ("settings?part=Storage", "Backups"),
        ("settings?part=Old+runs", "Delete old runs"),
        ("settings?part=Health", "Workers"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_a_page(page: Page, dashboard: Dashboard, address: str, heading: str) -> None:
    page.goto(f"{dashboard.url}/{address}")
    shown(page, heading=heading)
    page.wait_for_timeout(1_000)  # what comes below the heading
    check(page)


@pytest.mark.parametrize(
    ("name", "query", "sign"),
    [
        ("running", "", "Running"),
        ("waiting", "", "Approve"),
        ("failed", "", "Retry from the failed step"),
        ("finished", "", "Run again"),
        ("finished", "&explain=1", "What has happened"),
        ("finished", "&present=1", "Leave presenter mode"),
    ],
)
def test_a_run(
    page: Page, dashboard: Dashboard, runs: dict[str, str], name: str, query: str, sign: str
) -> None:
    page.goto(f"{dashboard.url}/run?run={runs[name]}{query}")
    shown(page, text=sign)
    drawn(page)
    if sign == "Run again":
        for closed in ("Prompt, as it was sent", "What changed since", "Events"):
            page.get_by_test_id("stMain").get_by_text(closed).first.click()
        expect(page.locator("ins").first).to_be_visible()
    check(page)


@pytest.mark.parametrize("view", ["Drawing", "List"])
def test_the_builder(page: Page, dashboard: Dashboard, view: str) -> None:
    page.goto(f"{dashboard.url}/templates?template=iterative-refinement")
    drawn(page)
    wait_until_done(page)
    page.get_by_role("button", name="Open in the builder").click()
    expect(page.get_by_role("button", name="Save version")).to_be_visible()
    drawn(page)
    if view == "List":
        page.get_by_text("List", exact=True).click()
        page.get_by_test_id("stRadioOption").filter(has_text="Refinement Loop").click()
    else:
        canvas = page.get_by_role("application")
        loop = canvas.get_by_role("button", name="Refinement Loop").first
        loop.click(position={"x": 60, "y": 12})  # its title: in its middle there may be a place
    expect(page.get_by_label("At most so many turns")).to_be_visible()
    check(page)
    page.get_by_text("Inputs", exact=True).click()
    expect(page.get_by_label("Asked as")).to_be_visible()
    check(page)


def test_a_replay(page: Page, dashboard: Dashboard, runs: dict[str, str]) -> None:
    page.goto(f"{dashboard.url}/run?run={runs['finished']}")
    shown(page, text="Run again")
    page.emulate_media(reduced_motion="no-preference")  # so that it plays by itself
    page.goto(f"{dashboard.url}/replay?run={runs['finished']}")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    check(page)


def test_a_comparison(page: Page, dashboard: Dashboard, runs: dict[str, str]) -> None:
    for name in ("one", "other"):
        page.goto(f"{dashboard.url}/run?run={runs[name]}")
        shown(page, text="Run again")
    page.goto(f"{dashboard.url}/compare?a={runs['one']}&b={runs['other']}")
    expect(page.locator("ins").first).to_be_visible()
    check(page)


def test_the_tour(page: Page) -> None:
    page.get_by_role("button", name="Take the tour").click()
    expect(page.get_by_role("dialog").get_by_text("1 of 5")).to_be_visible()
    check(page)


def test_a_report(page: Page, dashboard: Dashboard, runs: dict[str, str], tmp_path: Path) -> None:
    page.goto(f"{dashboard.url}/run?run={runs['finished']}")
    shown(page, text="Run again")

    async def write(store: ServiceRegistry) -> str:
        run = await store.get_repository("workflow").find_by_id(runs["finished"])
        return to_html(await report_of(store, run))

    file = tmp_path / "report.html"
    file.write_text(in_store(dashboard, write), encoding="utf-8")
    opened = page.context.new_page()
    opened.goto(file.as_uri())
    drawn(opened)
    check(opened)
