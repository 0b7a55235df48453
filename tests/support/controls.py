"""Buttons of a page, pressed as one who waits for them does."""

from playwright.sync_api import Locator, Page, expect


def press(place: Page | Locator, name: str) -> None:
    """Press a button once it is the only one; where one is drawn anew, the old one may be beside it."""
    button = place.get_by_role("button", name=name, exact=True)
    expect(button).to_have_count(1)
    button.click()
