"""The canvas: what is chosen gets to Python, what a run does gets onto the steps, in place."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"  # the name of one of the steps


@pytest.fixture(scope="module")
def program() -> Sequence[str]:
    """The page that the canvas is tried on, in the dashboard's place."""
    return ("-m", "tests.components.app", "flow_page")


def step(page: Page, name: str) -> Locator:
    canvas = page.get_by_role("application", name="A run")
    return canvas.get_by_role("button", name=re.compile(f"^{re.escape(name)}: "))


def chosen(page: Page, step: str | None) -> None:
    expect(page.get_by_text(f"Chosen: {step}", exact=True)).to_be_visible()


def wait_for_turns(page: Page, turns: int) -> None:
    turn = int(page.get_by_text(re.compile(r"^Turn \d+\.$")).inner_text()[5:-1])
    expect(page.get_by_text(f"Turn {turn + turns}.")).to_be_visible()


def test_a_click_chooses_a_step_and_one_beside_all_steps_none(page: Page) -> None:
    step(page, "Draft").click()
    chosen(page, "draft")
    expect(step(page, "Draft")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("application", name="A run").click(position={"x": 30, "y": 30})
    chosen(page, None)
    expect(step(page, "Draft")).to_have_attribute("aria-pressed", "false")


def test_the_keyboard_goes_from_step_to_step_and_chooses(page: Page) -> None:
    step(page, "Draft").focus()
    page.keyboard.press("Tab")
    expect(step(page, "Too long?")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(step(page, HOSTILE)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    chosen(page, "long")
    page.keyboard.press("Escape")
    chosen(page, None)
    page.keyboard.press("Space")
    chosen(page, "long")
    expect(step(page, "Too long?")).to_be_focused()


def test_what_python_chooses_is_shown(page: Page) -> None:
    expect(step(page, "Law")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Choose Law").click()
    expect(step(page, "Law")).to_have_attribute("aria-pressed", "true")


def test_a_run_is_shown_in_place(page: Page) -> None:
    expect(step(page, "Draft")).to_have_accessible_name("Draft: Completed, 12 s")
    expect(step(page, HOSTILE)).to_have_attribute("data-status", "skipped")
    expect(step(page, "Law")).to_have_accessible_name("Law: not started")
    nodes = page.get_by_role("application", name="A run").locator(".react-flow__node")
    nodes.evaluate_all("nodes => nodes.forEach(node => (node.dataset.mine = 'yes'))")
    mounts = page.evaluate("window.symphonyFlowMounts")
    for status in ("running", "completed", "running"):
        expect(step(page, "Feedback")).to_have_attribute("data-status", status)
    wait_for_turns(page, 2)
    assert page.evaluate("window.symphonyFlowMounts") == mounts
    assert nodes.evaluate_all("nodes => nodes.every(node => node.dataset.mine === 'yes')")


def test_the_theme_changes_the_colours_of_what_is_there(page: Page) -> None:
    drawn = step(page, "Draft").locator(".flow-step")
    drawn.evaluate("box => (box.dataset.mine = 'yes')")
    page.emulate_media(color_scheme="light")
    expect(drawn).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(color_scheme="dark")
    expect(drawn).to_have_css("background-color", "rgb(15, 20, 22)")
    expect(drawn).to_have_attribute("data-mine", "yes")


def test_a_picture_is_one_image_in_which_text_is_text(page: Page) -> None:
    picture = page.get_by_role("img", name="A drawing of the workflow")
    expect(picture).to_be_visible()
    expect(picture.get_by_text(HOSTILE)).to_be_visible()
    expect(picture.locator("img")).to_have_count(0)
    expect(picture.locator("a, button, [tabindex='0']")).to_have_count(0)
    expect(picture.locator(".react-flow__edge.back")).to_have_count(1)


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 400})
    view = page.get_by_role("application", name="A run").locator(".react-flow__viewport")
    before = view.evaluate("view => view.style.transform")
    step(page, "Draft").hover()
    page.mouse.wheel(0, 120)
    main = page.get_by_test_id("stMain")
    page.wait_for_function("main => main.scrollTop > 0", arg=main.element_handle())
    assert view.evaluate("view => view.style.transform") == before
    step(page, "Experts").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    expect(view).not_to_have_attribute("style", re.compile(re.escape(before)))
