"""How soon the builder answers, in Chromium, on a workflow of 200 steps: python -m benchmarks.builder"""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.run_page import definition_of
from benchmarks.stage import say, set_up
from dashboard.bridge import wait_for
from symphony_core.io.editable import editable
from symphony_core.shelf import Shelf
from tests.support.dashboard import new_page, wait_until_done

STEPS = 200
TIMES = 8
REST = 0.5  # seconds between two clicks


def choices(page: Page) -> list[float]:
    """Seconds from a click on a step in the drawing to its form; the first is not counted."""

    def choose(number: int) -> None:
        step = f"s{1 + number % 3}"
        page.locator(f'.react-flow__node[data-id="{step}"]').dispatch_event("click")
        page.wait_for_function(
            "name => [...document.querySelectorAll('input')].some(one => one.value === name)",
            arg=step.capitalize(),
            polling=10,
        )

    return _timed(page, choose)


def changes(page: Page) -> list[float]:
    """Seconds from the palette to the new step in the drawing; the first is not counted."""

    def add(number: int) -> None:
        page.locator('[data-add="approval"]').click()
        step = f"approval_{number + 1}" if number else "approval"
        page.locator(f'.react-flow__node[data-id="{step}"]').wait_for(state="attached")

    return _timed(page, add)


def _timed(page: Page, act: Callable[[int], None]) -> list[float]:
    taken = []
    for number in range(TIMES + 1):
        wait_until_done(page)
        time.sleep(REST)
        started = time.monotonic()
        act(number)
        taken.append(time.monotonic() - started)
    return taken[1:]


def main() -> None:
    """Measure and print."""
    with set_up() as stage:
        document = editable(definition_of("Long", STEPS))
        draft = wait_for(Shelf(stage.registry).new(document))
        stage.dashboard.start()
        with new_page(stage.browser) as page:
            page.goto(f"{stage.dashboard.url}/builder?workflow={draft.id}")
            page.locator(".react-flow__node").first.wait_for()
            wait_until_done(page)
            say(f"{STEPS} steps: a step chosen", choices(page), goal=0.3)
            say(f"{STEPS} steps: a step added", changes(page), goal=0.3)


if __name__ == "__main__":
    main()
