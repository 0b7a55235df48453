"""An agent's life: made, tried, changed, compared, restored, exported, and the same elsewhere."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from symphony_core.io.documents import Form, load_agent
from tests.support.dashboard import Dashboard

pytestmark = pytest.mark.browser

INSTRUCTIONS = "You write poems about {{topic}}. Begin with the sky, and end with a question."
FINISHED = "You write poems about rain."


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Control+Enter")


def tab(page: Page, name: str) -> Locator:
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel", name=name)


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def make(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/agents")
    press(page, "New agent")
    fill(page, "Name", "Poet")
    fill(page, "Role", "Writes poems")
    fill(page, "Instructions", INSTRUCTIONS)
    expect(page.get_by_text("topic: no value")).to_be_visible()
    press(page, "Add variable")
    fill(page, "Variable", "topic")
    fill(page, "Value", "rain")
    expect(page.locator("code").get_by_text(FINISHED)).to_be_visible()
    press(page, "Save")
    expect(main(page).get_by_text("Writes poems · version 1")).to_be_visible()


def try_and_throw_away(page: Page) -> None:
    tab(page, "Try it")
    ask = page.get_by_role("textbox", name="Ask a question")
    ask.fill("Begin, please.")
    ask.press("Enter")
    expect(main(page).get_by_text("Poet · version 1")).to_be_visible()
    expect(main(page).get_by_text(re.compile(r"1 question .* tokens"))).to_be_visible()
    page.reload()  # the chat stands in the address
    tab(page, "Try it")
    expect(main(page).get_by_text("Begin, please.").first).to_be_visible()
    page.get_by_text("Prompt, as it was sent").click()
    expect(page.locator("code").get_by_text(FINISHED)).to_be_visible()
    press(page, "Throw away")
    expect(main(page).get_by_text("Begin, please.")).to_have_count(0)
    expect(main(page).get_by_text("Ask it something.")).to_be_visible()


def change_and_restore(page: Page) -> None:
    tab(page, "Edit")
    fill(page, "Instructions", INSTRUCTIONS.replace("poems", "short poems"))
    press(page, "Save")
    expect(main(page).get_by_text("Writes poems · version 2")).to_be_visible()
    tab(page, "Versions")
    expect(page.locator("ins").last).to_have_text("short ")
    press(page, "Restore")
    expect(main(page).get_by_text("Writes poems · version 3")).to_be_visible()


def export(page: Page, file: Path) -> bytes:
    tab(page, "Export")
    with page.expect_download() as waiting:
        press(page, "YAML")
    waiting.value.save_as(file)
    return file.read_bytes()


def import_it(page: Page, dashboard: Dashboard, file: Path) -> None:
    page.goto(f"{dashboard.url}/agents")
    press(page, "Import")
    page.locator("input[type=file]").set_input_files(file)
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("code").get_by_text(FINISHED)).to_be_visible()
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(main(page).get_by_text("Writes poems · version 1")).to_be_visible()


def test_an_agent_is_the_same_on_another_store_after_all_that(
    page: Page, dashboard: Dashboard, context: BrowserContext, tmp_path: Path
) -> None:
    make(page, dashboard)
    try_and_throw_away(page)
    change_and_restore(page)
    text = export(page, tmp_path / "poet.yaml")
    assert load_agent(text, Form.YAML).instruction_template == INSTRUCTIONS
    other = Dashboard(tmp_path / "other", "scripted")
    other.start()
    try:
        fresh = context.new_page()
        import_it(fresh, other, tmp_path / "poet.yaml")
        assert export(fresh, tmp_path / "again.yaml") == text
    finally:
        other.stop()
