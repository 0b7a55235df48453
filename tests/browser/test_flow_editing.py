"""Editing on the canvas: by mouse, by keyboard and by touch, every action gets to Python once."""

import ast
import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.dashboard import PHONE
from tests.support.web import barriers

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def program() -> Sequence[str]:
    """The page that editing is tried on, in the dashboard's place."""
    return ("-m", "tests.components.app", "editor_page")


def canvas(page: Page) -> Locator:
    return page.get_by_role("application", name="The workflow")


def step(page: Page, name: str) -> Locator:
    return canvas(page).get_by_role("button", name=re.compile(f"^{re.escape(name)}(: |$)"))


def place(page: Page, label: str) -> Locator:
    return canvas(page).get_by_role("button", name=label, exact=True)


def palette(page: Page, word: str) -> Locator:
    return page.get_by_role("group", name="Add a step").get_by_role("button", name=word)


def arrived(page: Page, *expected: dict[str, Any]) -> None:
    """Wait until these actions got to Python, and no others."""
    expect(page.get_by_text(f"Actions: {len(expected)}", exact=True)).to_be_visible()
    log = page.get_by_test_id("stCode").inner_text()
    assert [ast.literal_eval(line) for line in log.splitlines() if line.strip()] == list(expected)


def at(within: str | None, branch: str, index: int) -> dict[str, Any]:
    return {"within": within, "branch": branch, "index": index}


def drag(page: Page, what: Locator, to: Locator) -> None:
    what.hover()
    page.mouse.down()
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 25)
    expect(page.locator(".flow-ghost")).to_be_visible()
    goal = to.bounding_box()
    assert goal is not None
    page.mouse.move(goal["x"] + goal["width"] / 2 + 4, goal["y"] + goal["height"] / 2 + 4, steps=4)
    expect(page.locator(".flow-place.target")).to_have_count(1)
    page.mouse.up()


def view(page: Page) -> str:
    return str(page.locator(".react-flow__viewport").evaluate("view => view.style.transform"))


def test_a_click_in_the_palette_adds_behind_the_chosen_step_else_at_the_end(page: Page) -> None:
    step(page, "Draft").click()
    before = view(page)
    palette(page, "Approval").click()
    expect(step(page, "New approval")).to_have_attribute("aria-pressed", "true")
    assert view(page) == before
    canvas(page).click(position={"x": 30, "y": 30})
    expect(page.get_by_text("Chosen: None")).to_be_visible()
    palette(page, "Loop").click()
    added = step(page, "New loop")
    expect(added).to_have_attribute("aria-pressed", "true")
    expect(added).to_be_in_viewport()
    arrived(
        page,
        {"do": "select", "id": "draft"},
        {"do": "insert", "kind": "approval", "place": at(None, "steps", 1)},
        {"do": "select", "id": None},
        {"do": "insert", "kind": "loop", "place": at(None, "steps", 5)},
    )


def test_the_first_step_is_shown_with_all_its_places(page: Page) -> None:
    for name in ("Draft", "Too long?", "Experts", "Refine"):
        step(page, name).focus()
        page.keyboard.press("Delete")
        expect(step(page, name)).to_have_count(0)
    empty, frame = place(page, "Add the first step").bounding_box(), canvas(page).bounding_box()
    assert empty is not None
    assert frame is not None
    page.mouse.move(frame["x"] + 20, frame["y"] + 20)
    page.mouse.down()  # moves the drawing, until the place is cut by its border
    right = frame["x"] + frame["width"]
    page.mouse.move(right - empty["x"] + frame["x"] - 20, frame["y"] + 20, steps=4)
    page.mouse.up()
    palette(page, "Branch").click()
    for way in ("Yes", "No"):
        expect(place(page, f"Add a step to New branch: {way}")).to_be_in_viewport(ratio=1)


def test_a_kind_is_dragged_from_the_palette_to_a_place(page: Page) -> None:
    drag(page, palette(page, "Ask an agent"), place(page, "Add a step to Too long?: No"))
    expect(step(page, "New ask an agent")).to_be_visible()
    expect(page.locator(".flow-ghost")).to_have_count(0)
    arrived(page, {"do": "insert", "kind": "task", "place": at("long", "else_branch", 0)})


def test_a_step_is_moved_by_dragging_and_not_into_itself(page: Page) -> None:
    expect(step(page, "Draft")).to_be_visible()
    drag(page, step(page, "Draft"), place(page, "Add a step after Cut"))
    expect(place(page, "Add a step after Draft")).to_be_visible()
    moved = {"do": "move", "id": "draft", "place": at("long", "if_branch", 1)}
    arrived(page, moved)
    # A branch cannot go into itself, nor to where it is; what is let go elsewhere goes back.
    step(page, "Too long?").hover()
    page.mouse.down()
    page.mouse.move(400, 400, steps=3)
    for closed in ("Add a step after Cut", "Add a step after Too long?"):
        expect(place(page, closed)).to_have_class(re.compile(r"\bclosed\b"))
    expect(place(page, "Add a step after Experts")).not_to_have_class(re.compile(r"\bclosed\b"))
    page.keyboard.press("Escape")
    expect(page.locator(".flow-ghost")).to_have_count(0)
    page.mouse.up()
    arrived(page, moved)
    # Nor does it choose anything where the button is let go after that.
    step(page, "Cut").hover()
    page.mouse.down()
    box = step(page, "Cut").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2)
    expect(page.locator(".flow-ghost")).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.up()
    step(page, "Law").focus()
    page.keyboard.press("Enter")  # comes after whatever that did
    arrived(page, moved, {"do": "select", "id": "law"})


def test_keys_delete_undo_copy_and_paste(page: Page) -> None:
    step(page, "Cut").focus()
    for key in ("Control+c", "Control+d", "Control+x", "Control+v"):
        page.keyboard.press(key)
    page.keyboard.press("Delete")
    expect(step(page, "Cut")).to_have_count(0)
    # What had the keyboard is gone; the canvas has it, and hears the next key.
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+Z")
    page.keyboard.press("Control+y")
    page.keyboard.press("Backspace")  # nothing is chosen
    arrived(
        page,
        {"do": "copy", "id": "cut"},
        {"do": "duplicate", "id": "cut"},
        {"do": "cut", "id": "cut"},
        {"do": "paste", "place": at("long", "if_branch", 1)},
        {"do": "delete", "id": "cut"},
        {"do": "undo"},
        {"do": "redo"},
        {"do": "redo"},
    )


def test_the_menu_of_a_place_by_keyboard(page: Page) -> None:
    step(page, "Draft").focus()
    page.keyboard.press("Tab")
    expect(place(page, "Add a step after Draft")).to_be_focused()
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu", name="Add a step after Draft")
    expect(menu.get_by_role("menuitem", name="Ask an agent")).to_be_focused()
    page.keyboard.press("Escape")
    expect(place(page, "Add a step after Draft")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="Side by side")).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu).to_have_count(0)
    expect(step(page, "New side by side")).to_be_focused()
    arrived(page, {"do": "insert", "kind": "parallel", "place": at(None, "steps", 1)})


def test_actions_that_follow_each_other_at_once_all_arrive(page: Page) -> None:
    step(page, "Draft").focus()
    for _ in range(5):
        page.keyboard.press("Control+z")
    page.keyboard.press("Enter")
    arrived(page, *[{"do": "undo"}] * 5, {"do": "select", "id": "draft"})
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text("Runs: 1")).to_be_visible()  # and nothing comes twice
    arrived(page, *[{"do": "undo"}] * 5, {"do": "select", "id": "draft"})


def test_a_finger_that_holds_a_kind_drags_it(page: Page) -> None:
    page.set_viewport_size(PHONE)
    expect(step(page, "Draft")).to_be_visible()
    page.wait_for_timeout(500)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        sent = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": sent})

    start = palette(page, "Branch").bounding_box()
    goal = place(page, "Add a step after Draft").bounding_box()
    assert start is not None
    assert goal is not None
    send("touchStart", (start["x"] + 20, start["y"] + 20))
    expect(page.locator(".flow-ghost")).to_be_visible()
    for part in (0.3, 0.6, 0.8, 1.0):
        x = start["x"] + 20 + (goal["x"] + 8 - start["x"] - 20) * part
        y = start["y"] + 20 + (goal["y"] + 8 - start["y"] - 20) * part
        send("touchMove", (x, y))
    expect(page.locator(".flow-place.target")).to_have_count(1)
    send("touchEnd")
    arrived(page, {"do": "insert", "kind": "conditional", "place": at(None, "steps", 1)})


def test_problems_stand_on_the_steps(page: Page) -> None:
    expect(step(page, "Draft")).to_have_accessible_name("Draft: 2 problems")
    expect(step(page, "Draft").locator(".flow-problems")).to_have_text("2")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_barrier(page: Page, theme: Any) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(step(page, "Draft")).to_be_visible()
    page.wait_for_timeout(500)
    found = barriers(page, theme)
    place(page, "Add a step after Draft").click()
    expect(page.get_by_role("menu")).to_be_visible()
    found += barriers(page, f"{theme} with the menu")
    assert not found, "\n".join(found)
