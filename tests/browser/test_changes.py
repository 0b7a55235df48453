"""What cannot be undone is asked about; what is stopped stops."""

import json
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.dashboard import Dashboard

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Answers that take about eight seconds each."""
    script = tmp_path_factory.mktemp("script") / "slow.json"
    reply = " ".join(f"word{number}" for number in range(480))
    script.write_text(json.dumps({"delay_s": 0.05, "replies": [{"match": "", "reply": reply}]}))
    return f"scripted:{script}"


def rows(dashboard: Dashboard, table: str) -> int:
    with sqlite3.connect(Path(dashboard.folder) / "symphony.db") as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


def run_of(page: Page) -> str:
    return page.url.split("run=")[1]


def start_sample(page: Page) -> None:
    page.locator(".st-key-Run-critic-revise button").click()
    expect(page.get_by_role("heading", name="Critic and revise")).to_be_visible()
    expect(page.get_by_text("word9 ").first).to_be_visible()


def test_cancel_stops_the_run(page: Page, dashboard: Dashboard) -> None:
    start_sample(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    mine = f"step_run where run_id = '{run_of(page)}'"
    begun = rows(dashboard, mine)
    assert rows(dashboard, f"{mine} and status = 'cancelled'") == 1
    page.wait_for_timeout(1000)
    assert rows(dashboard, mine) == begun


def test_an_opened_prompt_stays_open_while_the_text_grows_and_when_the_run_ends(
    page: Page,
) -> None:
    start_sample(page)
    card = page.locator("[class*=st-key-step-]").filter(has_text="Initial Response").first
    card.get_by_text("Prompt, as it was sent").click()
    question = card.get_by_text("Write two short paragraphs about")
    expect(question.first).to_be_visible()
    expect(page.get_by_text("word200 ").first).to_be_visible()
    expect(question.first).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    expect(question.first).to_be_visible()


def test_a_run_is_deleted_after_a_question_and_with_all_its_rows(
    page: Page, dashboard: Dashboard
) -> None:
    start_sample(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    run_id = run_of(page)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    before = rows(dashboard, "workflow")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    assert rows(dashboard, "workflow") == before - 1
    assert rows(dashboard, f"step_run where run_id = '{run_id}'") == 0


def test_an_agent_is_deleted_after_a_question(page: Page, dashboard: Dashboard) -> None:
    page.get_by_role("link", name="Agents", exact=True).first.click()
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Assistant (copy)")
    page.get_by_role("button", name="All agents").click()
    actions = page.get_by_role("button", name="Actions")
    expect(actions).to_have_count(2)  # the list is there
    actions.last.click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Assistant (copy)", exact=True)).to_have_count(0)
    assert rows(dashboard, "agent_config") == 1


@pytest.mark.parametrize(
    ("link", "heading"),
    [
        ("?agent=assistant", "Assistant"),
        ("?template=parallel-experts", "Parallel experts"),
        ("?run=nowhere", "Run"),
        ("agents?agent=assistant", "Assistant"),
    ],
)
def test_a_link_leads_to_one_thing(
    page: Page, dashboard: Dashboard, link: str, heading: str
) -> None:
    page.goto(f"{dashboard.url}/{link}")
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def test_the_address_keeps_the_filter_and_the_search(page: Page) -> None:
    page.get_by_role("link", name="Runs", exact=True).first.click()
    page.get_by_role("radio", name="Completed").or_(
        page.get_by_role("button", name="Completed")
    ).first.click()
    page.get_by_label("Search", exact=True).fill("experts")
    page.get_by_label("Search", exact=True).press("Enter")
    expect(page.get_by_role("link", name="Parallel experts")).to_be_visible()
    expect(page.get_by_role("link", name="Iterative refinement")).to_have_count(0)
    assert "status=Completed" in page.url
    assert "search=experts" in page.url
    page.reload()
    expect(page.get_by_role("link", name="Parallel experts")).to_be_visible()
    expect(page.get_by_role("link", name="Iterative refinement")).to_have_count(0)
