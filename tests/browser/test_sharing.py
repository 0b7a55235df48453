"""A run taken along from its page, as the files that the browser gets."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.dashboard import wait_until_done

pytestmark = [pytest.mark.browser, pytest.mark.long]

INPUT = "a small vegetable garden"  # what the sample run was given


def download(page: Page, label: str, folder: Path) -> Path:
    wait_until_done(page)
    with page.expect_download() as started:
        page.get_by_role("button", name=label, exact=True).click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file


def test_a_run_is_downloaded_in_every_format_whole_or_not(page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Iterative refinement").last.click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible()
    expect(page.locator(".symphony-timeline .barlayer .point").first).to_be_visible()
    page.get_by_role("button", name="Share").click()

    html = download(page, "Web page", tmp_path)
    assert html.name.startswith("iterative-refinement-20")
    assert html.suffix == ".html"
    assert INPUT in html.read_text(encoding="utf-8")
    assert INPUT in download(page, "Markdown", tmp_path).read_text(encoding="utf-8")
    assert json.loads(download(page, "JSON", tmp_path).read_text(encoding="utf-8"))["run"]["inputs"]

    page.get_by_text("Leave out prompts, instructions and inputs").click()
    expect(page.get_by_role("switch", name="Leave out")).to_be_checked()
    for label in ("Web page", "Markdown", "JSON"):
        text = download(page, label, tmp_path).read_text(encoding="utf-8")
        assert f"Write one paragraph about {INPUT}" not in text
    assert json.loads(text)["run"]["inputs"] == {}
