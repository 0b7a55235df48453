"""Parts of a page that are drawn again, on a server that is busy."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def program() -> Sequence[str]:
    """The page that it is tried on, in the dashboard's place."""
    return ("-m", "tests.components.app", "fragment_page")


def test_a_page_stays_whole_where_a_part_is_due_before_it_is_sent(page: Page) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for times in range(1, 4):
        page.get_by_role("button", name="Draw it on a busy server").click()
        expect(page.get_by_text(f"Drawn {times} times.")).to_be_visible()
        expect(page.get_by_text("The part that is drawn again.")).to_be_visible()
    assert wrong == []
