"""A workflow built from nothing in the browser, run, approved, and seen to its end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from symphony_core.agent_config import AgentConfig
from symphony_core.registry import ServiceRegistry
from tests.support.dashboard import Dashboard, in_store, wait_until_done

pytestmark = pytest.mark.browser

REPLIES = [
    {"match": "simple or complex", "reply": "Complex"},
    {"match": "the law say", "reply": "The law allows it."},
    {"match": "medicine say", "reply": "Medicine advises it."},
    {"match": "Make it better", "reply": "This is not enough.", "times": 1},
    {"match": "Make it better", "reply": "This is good now."},
    {"match": "Announce", "reply": "It is decided."},
]
NAMES = {"Ask an agent": "Task"}  # of a new step, where it is not its kind's word
MOST_TABS = 200
MODELS_TIME = 300_000  # milliseconds that a real model may need for some answers
TRIES = 4
ROOT = Path(__file__).parents[2]


@pytest.fixture(
    scope="module",
    params=[
        "scripted",
        pytest.param("embedded", marks=[pytest.mark.embedded, pytest.mark.long]),
    ],
)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "embedded":
        return "embedded"
    script = tmp_path_factory.mktemp("model") / "script.json"
    script.write_text(json.dumps({"replies": REPLIES}), encoding="utf-8")
    return f"scripted:{script}"


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("option", name=name).first


def segment(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=re.compile(rf"{name}$"))


def canvas(page: Page) -> Locator:
    return page.get_by_role("application")


def node(page: Page, name: str) -> Locator:
    return canvas(page).get_by_role("button", name=re.compile(f"^{name}(: |$)"))


def see_it_to_its_end(page: Page, model: str) -> None:
    """Watch the run until it has its result, which needs an approval."""
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=MODELS_TIME)
    expect(page.get_by_text("Completed").first).to_be_visible()
    if model != "embedded":  # of which nobody knows what it says
        expect(page.get_by_text("It is decided.").first).to_be_visible()


# --- by mouse


def put(page: Page, label: str, text: str) -> None:
    """Type into a field, and wait until it is kept."""
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")
    wait_until_done(page)  # a page that is left before has not sent it, or been heard
    expect(field).to_have_value(text)


def pick(page: Page, label: str, choice: str) -> None:
    for _ in range(TRIES):
        wait_until_done(page)
        page.get_by_role("combobox", name=label).click()
        try:
            option(page, choice).click(timeout=5_000)
            break
        except TimeoutError:  # what was done before was drawn meanwhile, and closed the list
            continue
    expect(option(page, choice)).to_have_count(0)


def add_at(page: Page, place: str, kind: str, name: str) -> None:
    """Put a step into a place of the drawing, and name it."""
    for _ in range(TRIES):
        wait_until_done(page)
        canvas(page).get_by_role("button", name=place, exact=True).click()
        try:
            page.get_by_role("menuitem", name=kind).click(timeout=5_000)
            break
        except TimeoutError:  # the drawing was still being put into the page
            continue
    expect(node(page, NAMES.get(kind, kind))).to_be_visible()
    expect(page.get_by_role("heading", name=kind)).to_be_visible()
    wait_until_done(page)
    put(page, "Name", name)
    expect(node(page, name)).to_be_visible()


def ask(page: Page, text: str) -> None:
    put(page, "What to ask", text)


def test_by_mouse(page: Page, model: str) -> None:
    page.get_by_role("link", name="Builder").click()
    button(page, "New workflow").click()

    page.get_by_text("Inputs", exact=True).click()
    button(page, "Add an input").click()
    put(page, "Asked as", "Your question")
    put(page, "Name in prompts", "question")
    add_at(page, "Add the first step", "Ask an agent", "Classify")
    ask(page, "Is this simple or complex?")
    pick(page, "Insert a value", "Your question")
    expect(page.get_by_label("What to ask")).to_have_value(re.compile(r"\{\{question\}\}$"))
    add_at(page, "Add a step after Classify", "Branch", "Way")
    pick(page, "Value", "Classify → result")
    put(page, "Text", "complex")
    add_at(page, "Add a step to Way: Yes", "Side by side", "Experts")
    add_at(page, "Add a step to Experts", "Ask an agent", "Lawyer")
    ask(page, "What does the law say?")
    add_at(page, "Add a step beside Lawyer", "Ask an agent", "Doctor")
    ask(page, "What does medicine say?")

    page.reload()
    expect(node(page, "Doctor")).to_be_visible()
    expect(page.get_by_text("Draft kept")).to_be_visible()
    build_the_end(page)

    button(page, "Run").click()
    page.get_by_label("Your question").last.fill("May I fly?")
    button(page, "Run now").click()
    button(page, "Approve").click(timeout=MODELS_TIME)
    see_it_to_its_end(page, model)
    if model != "embedded":
        expect(node(page, "Lawyer")).to_have_attribute("title", re.compile("Completed"))


def build_the_end(page: Page) -> None:
    """Add the loop, the approval and the last step."""
    add_at(page, "Add a step after Way", "Loop", "Refine")
    page.get_by_text("End it sooner").click()
    pick(page, "Value", "This turn's result")
    pick(page, "Comparison", "contains")
    put(page, "Text", "good")
    add_at(page, "Add a step to Refine", "Ask an agent", "Better")
    ask(page, "Make it better.")
    add_at(page, "Add a step after Refine", "Approval", "Sign-off")
    put(page, "What to ask the person", "May it go out?")
    add_at(page, "Add a step after Sign-off", "Ask an agent", "Announce")
    ask(page, "Announce it.")
    expect(page.get_by_text(re.compile(r"\d problem"))).to_have_count(0)


# --- the guide's complete application

TOPIC = "'artificial intelligence in healthcare'"
AGENTS = [
    AgentConfig(
        id=name, name=name.capitalize(), role=name, instruction_template=f"You are a {name}."
    )
    for name in ("writer", "editor")
]


async def keep_agents(registry: ServiceRegistry) -> None:
    for agent in AGENTS:
        await registry.get_repository("agent_config").save(agent)


@pytest.mark.long
def test_the_guides_application_is_built_and_its_program_runs(
    page: Page, dashboard: Dashboard, tmp_path: Path
) -> None:
    in_store(dashboard, keep_agents)
    page.get_by_role("link", name="Builder").click()
    button(page, "New workflow").click()
    task = "Ask an agent"
    add_at(page, "Add the first step", task, "Research")
    ask(page, f"Research the topic of {TOPIC} and provide 5 key points.")
    pick(page, "Who answers", "Writer")
    add_at(page, "Add a step after Research", task, "First Draft")
    ask(page, f"Write a 500-word article about {TOPIC} covering these key points:")
    pick(page, "Insert a value", "Research → result")
    pick(page, "Who answers", "Writer")
    add_at(page, "Add a step after First Draft", "Side by side", "Parallel Reviews")
    review(page, "Add a step to Parallel Reviews", "Clarity")
    review(page, "Add a step beside Clarity Review", "Accuracy")
    add_at(page, "Add a step after Parallel Reviews", task, "Final Revision")
    results = ["first_draft.result", "parallel_reviews.results.0.result"]
    results += ["parallel_reviews.results.1.result"]
    ask(page, "Revise: " + " ".join(f"{{{{step.{path}}}}}" for path in results))
    pick(page, "Who answers", "Writer")
    expect(page.get_by_text(re.compile(r"\d problem"))).to_have_count(0)

    button(page, "Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Python").click()
    program = tmp_path / "application.py"
    download.value.save_as(program)
    ran = subprocess.run(
        [sys.executable, str(program)],
        cwd=tmp_path,
        env={**os.environ, "SYMPHONY_MODEL": "scripted", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert "improved version" in ran.stdout  # what the scripted model says when asked to revise


def review(page: Page, place: str, side: str) -> None:
    add_at(page, place, "Ask an agent", f"{side} Review")
    ask(page, f"Review this article for {side.lower()}:")
    pick(page, "Insert a value", "First Draft → result")
    pick(page, "Who answers", "Editor")


# --- by keyboard only


def go(page: Page, goal: Locator) -> None:
    """Press Tab until the focus is where one wants it."""
    expect(goal).to_be_visible()
    for _ in range(MOST_TABS):
        where = goal.evaluate(
            """goal => { let at = document.activeElement;
            while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
            if (goal.contains(at)) return "here";
            return goal.compareDocumentPosition(at) & 4 ? "behind" : "ahead"; }"""
        )
        if where == "here":
            return
        page.keyboard.press("Shift+Tab" if where == "behind" else "Tab")
    raise AssertionError(f"the keyboard does not get to {goal}")


def press(page: Page, name: str) -> None:
    go(page, button(page, name))
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True).last
    go(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    expect(field).to_have_value(text)


def choose(page: Page, label: str, choice: str) -> None:
    go(page, page.get_by_role("combobox", name=label))
    wait_until_done(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.type(choice)
    expect(option(page, choice)).to_be_visible()
    page.keyboard.press("Enter")
    expect(option(page, choice)).to_have_count(0)


def show_the_list(page: Page) -> None:
    go(page, segment(page, "Drawing"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Where a new step goes").or_(button(page, "Approval"))).to_be_visible()
    expect(canvas(page)).to_have_count(0)


def down_to(page: Page, name: str) -> None:
    """Go down the list of steps to one."""
    steps = page.get_by_role("radiogroup", name="Steps", exact=True)
    go(page, steps)
    page.keyboard.press("Space")
    every = steps.get_by_role("radio")
    expect(steps.get_by_role("radio", checked=True)).to_have_count(1)
    at = next(n for n in range(every.count()) if every.nth(n).is_checked())
    while not steps.get_by_role("radio", name=re.compile(name)).is_checked():
        page.keyboard.press("ArrowDown")
        at = (at + 1) % every.count()
        expect(every.nth(at)).to_be_checked()
    expect(page.get_by_label("Name", exact=True).last).to_have_value(name)


def add(page: Page, kind: str, name: str, where: str | None = None) -> None:
    if where:
        choose(page, "Where a new step goes", where)
    press(page, kind)
    expect(page.get_by_role("radio", name=re.compile(NAMES.get(kind, kind)))).to_be_checked()
    expect(page.get_by_role("heading", name=kind)).to_be_visible()
    field = page.get_by_label("Name", exact=True).last
    expect(field).to_have_value(re.compile(NAMES.get(kind, kind)))  # not the last step's any more
    wait_until_done(page)
    write(page, "Name", name)
    expect(page.get_by_role("radio", name=re.compile(name))).to_be_checked()


@pytest.mark.long
def test_by_keyboard_only(page: Page, model: str) -> None:
    go(page, page.get_by_role("link", name="Builder"))
    page.keyboard.press("Enter")
    press(page, "New workflow")
    expect(button(page, "Save version")).to_be_visible()
    show_the_list(page)
    add(page, "Ask an agent", "Classify")
    write(page, "What to ask", "Is {{question}} simple or complex?")
    add(page, "Branch", "Way")
    choose(page, "Value", "Classify")
    write(page, "Text", "complex")
    add(page, "Side by side", "Experts", "Under Yes of Way")
    add(page, "Ask an agent", "Lawyer")
    write(page, "What to ask", "What does the law say?")

    page.reload()
    show_the_list(page)
    down_to(page, "Lawyer")
    add(page, "Ask an agent", "Doctor", "After Lawyer")
    write(page, "What to ask", "What does medicine say?")
    write_the_end(page)

    press(page, "Run")
    write(page, "question", "May I fly?")
    press(page, "Run now")
    expect(button(page, "Approve")).to_be_visible(timeout=MODELS_TIME)
    press(page, "Approve")
    see_it_to_its_end(page, model)


def write_the_end(page: Page) -> None:
    """Add the loop, the approval and the last step."""
    add(page, "Loop", "Refine", "At the end")
    go(page, page.get_by_role("checkbox", name="End it sooner"))
    page.keyboard.press("Space")
    choose(page, "Value", "This turn's result")
    choose(page, "Comparison", "contains")
    write(page, "Text", "good")
    add(page, "Ask an agent", "Better", "Into Refine")
    write(page, "What to ask", "Make it better.")
    press(page, "Move out")
    press(page, "Undo")
    add(page, "Approval", "Sign-off", "At the end")
    write(page, "What to ask the person", "May it go out?")
    add(page, "Ask an agent", "Announce", "After Sign-off")
    write(page, "What to ask", "Announce it.")
    expect(page.get_by_text(re.compile(r"\d problem"))).to_have_count(0)
