"""Two runs compared, from the list to what differs in their texts."""

import json

import pytest
from playwright.sync_api import Page, expect

from symphony_core.registry import ServiceRegistry
from tests.orchestration.test_engine import ask, workflow
from tests.support.dashboard import DESKTOP, PHONE, Dashboard, in_store

pytestmark = [pytest.mark.browser, pytest.mark.long]

HOSTILE = "<img src=x onerror=\"document.title='hacked'\"> **bold** :red[x]"
SCRIPT = {
    "delay_s": 0.0,
    "replies": [
        {"match": "first", "reply": f"The pond is quiet. {'and so on ' * 40}It is late."},
        {"match": "second", "reply": f"The pond is {HOSTILE}. {'and so on ' * 40}It is late."},
    ],
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    script = tmp_path_factory.mktemp("script") / "comparing.json"
    script.write_text(json.dumps(SCRIPT))
    return f"scripted:{script}"


def test_two_runs_are_ticked_compared_and_told_apart(page: Page, dashboard: Dashboard) -> None:
    async def begin(registry: ServiceRegistry) -> list[str]:
        engine = registry.get_service("workflow_engine")
        runs = [
            engine.new_run(workflow(ask("a", words)), {}, model=dashboard.model)
            for words in ("the first", "the second")
        ]
        for run in runs:
            await engine.start_run(run)
        return [run.id for run in runs]

    ids = in_store(dashboard, begin)
    page.goto(f"{dashboard.url}/runs")
    for run_id in ids:
        page.locator(f".st-key-choose-{run_id} label").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="Compare two runs")).to_be_visible()
    assert page.url.endswith(f"compare?a={ids[0]}&b={ids[1]}")
    expect(page.locator("del", has_text="quiet").first).to_be_visible()
    expect(page.locator("ins", has_text=HOSTILE).first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert "hacked" not in page.title()
    fold = page.get_by_role("button", name="words the same").first
    fold.click()
    expect(page.get_by_text("and so on " * 40).first).to_be_visible()
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        expect(page.locator("ins", has_text=HOSTILE).first).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
    page.go_back()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Compare", exact=True)).to_be_enabled()
