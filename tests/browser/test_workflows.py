"""A workflow is imported after a look at it, saved again, restored, and put away and taken back."""

import json
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pages.test_workflow_services import document
from tests.support.controls import press
from tests.support.dashboard import Dashboard

pytestmark = pytest.mark.browser


def count(dashboard: Dashboard, table: str) -> int:
    with sqlite3.connect(Path(dashboard.folder) / "symphony.db") as connection:
        found: int = connection.execute(f"select count(*) from {table}").fetchone()[0]
        return found


def look_at(page: Page, dashboard: Dashboard, text: str) -> None:
    page.goto(f"{dashboard.url}/workflows")
    press(page, "Import")
    page.get_by_label("Paste a workflow").fill(text)
    press(page, "Preview")


def test_a_workflow_comes_in_is_saved_restored_and_put_away(
    page: Page, dashboard: Dashboard
) -> None:
    first = {**document("Letter"), "id": "letter"}
    look_at(page, dashboard, '{"name": "Letter"}')
    expect(page.get_by_text("This cannot be imported")).to_be_visible()
    look_at(page, dashboard, json.dumps(first))
    expect(page.get_by_text("A workflow that can be imported: 'Letter', 1 step.")).to_be_visible()
    expect(page.get_by_text("saved as version 1")).to_be_visible()
    assert count(dashboard, "workflow_draft") == count(dashboard, "workflow_definition") == 0
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Run version 1", exact=True)).to_be_visible()

    look_at(page, dashboard, json.dumps({**first, "description": "A kinder letter"}))
    expect(page.get_by_text("version 1 stays the one that runs")).to_be_visible()
    press(page, "Import as its draft")
    expect(page.get_by_text("Draft, not saved")).to_be_visible()
    expect(page.get_by_text("Run version 1", exact=True)).to_be_visible()
    press(page, "Save as version 2")
    expect(page.get_by_text("Run version 2", exact=True)).to_be_visible()
    expect(page.get_by_text("Draft, not saved")).to_have_count(0)

    press(page, "Restore")
    expect(page.get_by_text("Draft, not saved")).to_be_visible()
    restore = page.get_by_role("button", name="Restore", exact=True)
    expect(restore).to_have_count(2)  # the newest version's too, now that the draft is another
    restore.first.click()
    press(page, "Replace them")
    expect(page.get_by_text("Draft, not saved")).to_have_count(0)
    assert count(dashboard, "workflow_version") == 2
    put_away_and_take_back(page)


def put_away_and_take_back(page: Page) -> None:
    press(page, "Actions")
    page.get_by_role("menuitem", name="Archive").click()
    expect(page.get_by_text("Archived Letter")).to_be_visible()
    press(page, "Undo")
    expect(page.get_by_text("Run version 2", exact=True)).to_be_visible()
    expect(page.get_by_text("Archived Letter")).to_have_count(0)
