"""Texts that somebody hopes will become something else are texts on every page."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from symphony_core.agent_shelf import AgentShelf
from symphony_core.io.editable import editable
from symphony_core.model_profile import ModelProfile
from symphony_core.orchestration.steps import ApprovalStep, TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, WorkflowInput
from symphony_core.registry import ServiceRegistry
from symphony_core.shelf import TEMPLATE, Shelf
from tests.support.dashboard import Dashboard, in_store
from tests.support.reports import OURS, hostile, hostile_run
from tests.support.shelves import save_twice

pytestmark = [pytest.mark.browser, pytest.mark.long]

RUN = OURS[1]
IMAGE = OURS[0]
TEXT = "\n".join(OURS[:7])
NOBODY = "http://127.0.0.1:9"
AGENT = hostile()[0][:28]  # a link; signs that cannot be seen keep an address in it from being one

# What stands in the page, shadow roots too, that only one of the texts can have made.
MADE = """() => {
    const roots = [document];
    for (const root of roots)
        for (const element of root.querySelectorAll('*'))
            if (element.shadowRoot) roots.push(element.shadowRoot);
    const leads = ['href', 'xlink:href', 'src', 'srcset', 'action', 'data', 'style'];
    const isOurs = ({ name, value }) =>
        name.startsWith('on')
        || (leads.includes(name) && /javascript:|127\\.0\\.0\\.1:9\\b|^x$/.test(value));
    return roots
        .flatMap((root) => [...root.querySelectorAll('*')])
        .filter((e) => [...e.attributes].some(isOurs)
            || (e.matches('script, style') && /hacked|^\\*\\{display/.test(e.textContent)))
        .map((e) => e.outerHTML.slice(0, 300));
}"""


@dataclass
class Hostile:
    """The ids of runs in which everything is hostile, and what the browser was asked for."""

    failed: list[str]
    waiting: str
    workflow: str
    model: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def runs(dashboard: Dashboard) -> Hostile:
    async def make(registry: ServiceRegistry) -> Hostile:
        failed = [(await hostile_run(registry)).id for _ in range(2)]
        engine = registry.get_service("workflow_engine")
        check = ApprovalStep(IMAGE, "\n".join(hostile()), "\n".join(hostile()))
        definition = WorkflowDefinition(name=RUN).add_step(check)
        waiting = await engine.execute_workflow(definition)
        await save_agent_again(registry)
        model = ModelProfile(
            name=IMAGE, provider="openai-compatible", model=RUN, base_url=f"{NOBODY}/v1"
        )
        await registry.get_model_profiles().save(model)
        return Hostile(failed, waiting.id, await save_workflow_twice(registry), model.id)

    return in_store(dashboard, make)


async def save_agent_again(registry: ServiceRegistry) -> None:
    shelf = AgentShelf(registry)
    agent = await shelf.need("writer")
    agent.description = TEXT
    await shelf.save(agent)


async def save_workflow_twice(registry: ServiceRegistry) -> str:
    """Put a template among the workflows whose name, tags, inputs and versions are hostile."""
    step = TaskStep(IMAGE, {"input_data": {"query": f"{TEXT} {{{{text}}}}"}}, agent_id="writer")
    wanted = WorkflowInput(name="text", label=IMAGE, default=TEXT)
    definition = WorkflowDefinition(name=RUN, description=IMAGE, inputs=(wanted,)).add_step(step)
    id = await save_twice(registry, editable(definition), OURS[:3], description=TEXT)
    await Shelf(registry).mark(id, TEMPLATE, True)
    return id


@pytest.fixture
def page(page: Page, runs: Hostile) -> Page:
    runs.asked.clear()
    page.on("request", lambda request: runs.asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return page


def harmless(page: Page, runs: Hostile) -> None:
    """Nothing has become of any text but text, and nothing was fetched because of one."""
    assert page.evaluate("window.hacked") is None
    assert page.evaluate(MADE) == []
    home = page.evaluate("location.origin")
    asked = [url for url in runs.asked if not url.startswith(("data:", "blob:"))]
    assert [url for url in asked if url.endswith("/x") or not url.startswith(home)] == []


def literally(page: Page, text: str, **more: Any) -> None:
    expect(page.get_by_text(text).filter(visible=True).first).to_be_visible(**more)


@pytest.mark.parametrize("address", ["", "runs", "agents", "workflows", "templates"])
def test_lists(page: Page, dashboard: Dashboard, runs: Hostile, address: str) -> None:
    page.goto(f"{dashboard.url}/{address}")
    literally(page, AGENT if address == "agents" else RUN)
    harmless(page, runs)


@pytest.mark.parametrize("view", ["edit", "try", "versions", "uses", "export"])
def test_an_agent(page: Page, dashboard: Dashboard, runs: Hostile, view: str) -> None:
    page.goto(f"{dashboard.url}/agents?agent=writer&view={view}")
    literally(page, AGENT)
    expect(page.get_by_role("tabpanel").first).to_be_visible()
    page.wait_for_timeout(1_000)  # what the tab holds
    harmless(page, runs)


def test_a_question_to_an_agent(page: Page, dashboard: Dashboard, runs: Hostile) -> None:
    page.goto(f"{dashboard.url}/agents?agent=writer&view=try")
    question = page.get_by_role("textbox", name="Ask a question")
    question.fill(TEXT)
    question.press("Enter")
    expect(page.get_by_text(re.compile(r"1 question .* tokens"))).to_be_visible()
    expect(page.get_by_role("button", name="Throw away")).to_be_visible()
    for text in OURS[:7]:
        literally(page, text)
    harmless(page, runs)


def test_a_workflow_with_its_versions(page: Page, dashboard: Dashboard, runs: Hostile) -> None:
    page.goto(f"{dashboard.url}/workflow?workflow={runs.workflow}")
    expect(page.get_by_role("heading", name=RUN)).to_be_visible()
    expect(page.locator("ins").first).to_be_visible()
    page.get_by_test_id("stMain").get_by_text("Export").click()
    expect(page.get_by_role("button", name="YAML")).to_be_visible()
    for text in OURS[:7]:
        literally(page, text)
    harmless(page, runs)


@pytest.mark.parametrize("form", [False, True])
def test_the_settings(page: Page, dashboard: Dashboard, runs: Hostile, form: bool) -> None:
    page.goto(f"{dashboard.url}/settings{f'?model={runs.model}' if form else ''}")
    if form:
        expect(page.get_by_label("Name", exact=True)).to_have_value(IMAGE)
    else:
        literally(page, IMAGE)
        literally(page, RUN)
        literally(page, "127.0.0.1:9/v1 does not answer")
    harmless(page, runs)


@pytest.mark.parametrize("explain", ["", "&explain=1"])
def test_a_run_with_everything_opened(
    page: Page, dashboard: Dashboard, runs: Hostile, explain: str
) -> None:
    page.goto(f"{dashboard.url}/run?run={runs.failed[0]}{explain}")
    expect(page.get_by_role("heading", name=RUN)).to_be_visible()
    literally(page, "failed")
    graph = page.locator(".react-flow__node", has_text=IMAGE)
    expect(graph.first).to_be_attached()
    expect(page.locator(".symphony-timeline .barlayer .point").first).to_be_visible()
    for closed in ("Prompt, as it was sent", "Everything that" if explain else "Events"):
        page.get_by_test_id("stMain").get_by_text(closed).first.click()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    for text in OURS[:7]:
        literally(page, text)
    harmless(page, runs)


def test_a_question(page: Page, dashboard: Dashboard, runs: Hostile) -> None:
    page.goto(f"{dashboard.url}/run?run={runs.waiting}")
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    for text in OURS[:7]:
        literally(page, text)
    harmless(page, runs)


def test_the_builder(page: Page, dashboard: Dashboard, runs: Hostile) -> None:
    async def keep(registry: ServiceRegistry) -> str:
        run = await registry.get_repository("workflow").find_by_id(runs.failed[0])
        definition = WorkflowDefinition.model_validate(run.definition)
        return (await Shelf(registry).new(editable(definition))).id

    page.goto(f"{dashboard.url}/builder?workflow={in_store(dashboard, keep)}")
    expect(page.get_by_role("heading", name=RUN)).to_be_visible()
    expect(page.locator(".react-flow__node", has_text=IMAGE).first).to_be_attached()
    harmless(page, runs)
    page.get_by_text("List", exact=True).click()
    literally(page, IMAGE)
    page.get_by_test_id("stRadioOption").nth(2).click()
    expect(page.get_by_label("What to ask")).to_be_visible()
    harmless(page, runs)


def test_a_replay(page: Page, dashboard: Dashboard, runs: Hostile) -> None:
    page.goto(f"{dashboard.url}/replay?run={runs.failed[0]}")
    expect(page.get_by_role("heading", name=RUN)).to_be_visible()
    slider = page.get_by_role("slider", name="Time")
    expect(slider).to_be_visible()
    slider.fill(slider.get_attribute("max") or "1")
    literally(page, IMAGE)
    harmless(page, runs)


def test_a_comparison(page: Page, dashboard: Dashboard, runs: Hostile) -> None:
    a, b = runs.failed
    page.goto(f"{dashboard.url}/compare?a={a}&b={b}")
    expect(page.get_by_role("heading", name="Compare two runs")).to_be_visible()
    literally(page, RUN)
    literally(page, IMAGE)
    harmless(page, runs)
