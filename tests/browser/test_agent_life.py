"""An agent's life: made, tried, changed, compared, exported, the same elsewhere, given a tool."""

import json
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from symphony_core.io.documents import Form, load_agent
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from tests.support.controls import press
from tests.support.dashboard import Dashboard, in_store

pytestmark = pytest.mark.browser

TIME = {"command": sys.executable, "args": ["-m", "mcp_server_time", "--local-timezone=UTC"]}
NOW = "time.get_current_time"
ASKS_THE_TIME = [
    {"round": 0, "calls": [{"tool": NOW, "arguments": {"timezone": "Asia/Tokyo"}}]},
    {"reply": "It is late in Tokyo."},
]
INSTRUCTIONS = "You write poems about {{topic}}. Begin with the sky, and end with a question."
FINISHED = "You write poems about rain."


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


def give_tool(page: Page, dashboard: Dashboard) -> None:
    """Choose the server's tool for an agent, in its form."""
    page.goto(f"{dashboard.url}/agents?agent=assistant")
    tools = page.get_by_role("combobox", name="Tools")
    tools.press_sequentially("get_current")  # a list opened by a click closes as the page scrolls
    page.get_by_role("option", name=NOW).click()
    page.keyboard.press("Escape")  # the list of options, which covers what follows
    expect(main(page).get_by_text("Get current time in a specific timezone")).to_be_visible()
    press(page, "Save")
    expect(main(page).get_by_text("version 2")).to_be_visible()


def test_a_tool_of_a_real_server_is_called_and_its_call_seen_in_the_step(
    page: Page, dashboard: Dashboard, tmp_path: Path
) -> None:
    expect(page.get_by_role("heading", name="Latest runs")).to_be_visible()  # it has its folder
    (dashboard.folder / "tools.json").write_text(json.dumps({"servers": {"time": TIME}}))
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"replies": ASKS_THE_TIME}))
    give_tool(page, dashboard)

    async def start(store: ServiceRegistry) -> str:
        engine = store.get_service("workflow_engine")
        step = TaskStep("Ask", {"input_data": {"query": "How late is it there?"}}, "assistant")
        definition = WorkflowDefinition(name="The time in Tokyo").add_step(step)
        run = engine.new_run(definition, model=f"scripted:{script}")
        await engine.start_run(run)
        return str(run.id)

    page.goto(f"{dashboard.url}/run?run={in_store(dashboard, start)}")
    expect(main(page).get_by_text("It is late in Tokyo.").first).to_be_visible()
    main(page).get_by_text("1 tool call").first.click()
    expect(main(page).get_by_text(f"1. {NOW}")).to_be_visible()
    expect(page.locator("code").get_by_text("timezone: Asia/Tokyo")).to_be_visible()
    expect(page.locator("code").get_by_text("+09:00").first).to_be_visible()


@pytest.mark.long
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
