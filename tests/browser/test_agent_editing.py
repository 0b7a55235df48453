"""What is typed about an agent survives: line breaks, other pages, and somebody else's change."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.controls import press
from tests.support.dashboard import Dashboard

pytestmark = [pytest.mark.browser, pytest.mark.long]


def stored(dashboard: Dashboard) -> dict[str, Any]:
    with sqlite3.connect(Path(dashboard.folder) / "symphony.db") as connection:
        query = "select body from agent_config where id = 'assistant'"
        found: dict[str, Any] = json.loads(connection.execute(query).fetchone()[0])
        return found


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def open_assistant(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/agents?agent=assistant")
    expect(field(page, "Name")).to_have_value("Assistant")


def test_lines_that_were_typed_are_there_after_another_page_and_saved_whole(
    page: Page, dashboard: Dashboard
) -> None:
    open_assistant(page, dashboard)
    press(page, "Add variable")
    field(page, "Variable").fill("subject")
    field(page, "Value").fill("rain\nand = snow")
    field(page, "Description").fill("Half typed")
    field(page, "Instructions").fill("You write about {{subject}}.")
    field(page, "Instructions").press("Control+Enter")
    expect(page.get_by_text("You write about rain")).to_be_visible()
    page.get_by_role("link", name="Templates", exact=True).first.click()
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    page.get_by_role("link", name="Agents", exact=True).first.click()
    expect(page.get_by_text("Changes not saved yet")).to_be_visible()
    press(page, "Edit")
    expect(field(page, "Value")).to_have_value("rain\nand = snow")
    expect(field(page, "Description")).to_have_value("Half typed")
    expect(field(page, "Model")).to_have_value("Default model (Scripted model)")
    press(page, "Save")
    expect(page.get_by_text("version 2", exact=False).first).to_be_visible()
    assert stored(dashboard)["variables"] == {"subject": "rain\nand = snow"}
    expect(page.get_by_text("Changes not saved yet")).to_have_count(0)


def test_the_other_tab_s_version_is_loaded_when_asked_for(page: Page, dashboard: Dashboard) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        open_assistant(tab, dashboard)
    field(other, "Role").fill("Theirs")
    press(other, "Save")
    expect(other.get_by_text("Theirs · version")).to_be_visible()
    field(page, "Role").fill("Mine")
    press(page, "Save")
    expect(page.get_by_text("was changed by someone else")).to_be_visible()
    expect(field(page, "Role")).to_have_value("Mine")
    press(page, "Load the other version")
    expect(page.get_by_text("was changed by someone else")).to_have_count(0)
    expect(field(page, "Role")).to_have_value("Theirs")
