"""What people can do with a run under way, and with one that is over, as they do it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import ApprovalStep, LoopStep, ParallelStep
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import RunLimits
from tests.orchestration.test_engine import ask, workflow
from tests.support.controls import press
from tests.support.dashboard import Dashboard, in_store
from tests.support.ledger import Ledger
from tests.support.processes import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.long]

SCRIPT = {
    "delay_s": 0.01,
    "replies": [
        {"match": "[down]", "error": "The line is down.", "times": 1},
        {"match": "[draft]", "reply": "A quiet pond."},
        {"match": "Shout", "reply": "A LOUD POND."},
    ],
}


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    """A model beside the scripted one, whose answers can be kept back; the dashboard may ask it."""
    with Ledger() as ledger, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", ledger.server.base_url)
        patch.setenv("OPENAI_API_KEY", "none")
        yield ledger


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, ledger: Ledger) -> str:
    script = tmp_path_factory.mktemp("script") / "controls.json"
    script.write_text(json.dumps(SCRIPT))
    return f"scripted:{script}"


def start(
    page: Page,
    dashboard: Dashboard,
    *steps: WorkflowStep,
    limits: RunLimits | None = None,
    model: str | None = None,
) -> str:
    """Start a run of these steps, open its page, and return its id."""

    async def begin(registry: ServiceRegistry) -> str:
        engine: WorkflowEngine = registry.get_service("workflow_engine")
        run = engine.new_run(workflow(*steps), model=model or dashboard.model, limits=limits)
        await engine.start_run(run)
        return run.id

    run_id = in_store(dashboard, begin)
    page.goto(f"{dashboard.url}/?run={run_id}")
    return run_id


def rows(dashboard: Dashboard, name: str, run_id: str) -> list[Any]:
    async def find(registry: ServiceRegistry) -> list[Any]:
        return await registry.get_repository(name).find_all({"run_id": run_id})

    return in_store(dashboard, find)


def check(step_id: str, *args: Any, **more: Any) -> ApprovalStep:
    step = ApprovalStep(step_id.capitalize(), *args, **more)
    step.id = step_id
    return step


def card_of(page: Page, heading: str) -> Locator:
    """The card of one question."""
    cards = page.locator("[class*=st-key-question-]")
    return cards.filter(has=page.get_by_role("heading", name=heading))


def opened_run(page: Page, before: str) -> str:
    """Wait until the page shows another run than before, and return its id."""
    page.wait_for_url(lambda url: "run=" in url and before not in url)
    return page.url.split("run=")[1]


def test_a_run_is_paused_after_the_step_under_way_and_resumed(
    page: Page, dashboard: Dashboard, ledger: Ledger
) -> None:
    hold = ledger.hold("pausing", "a")
    steps = (ask("a", "[a]"), ask("b", "[b]"))
    run_id = start(page, dashboard, *steps, model="openai-chat:pausing")
    assert hold.asked.wait(PATIENCE)
    press(page, "Pause")
    expect(page.get_by_text("Pausing after the step under way…")).to_be_visible()
    hold.release()
    expect(page.get_by_text("It was paused. Resume it to go on.")).to_be_visible()
    assert [row.status for row in rows(dashboard, "step_run", run_id)] == ["completed"]
    press(page, "Resume")
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    expect(page.get_by_text("2 of 2 steps").first).to_be_visible()


def test_a_pause_that_has_not_come_is_taken_back(
    page: Page, dashboard: Dashboard, ledger: Ledger
) -> None:
    hold = ledger.hold("not-pausing", "a")
    start(page, dashboard, ask("a", "[a]"), ask("b", "[b]"), model="openai-chat:not-pausing")
    assert hold.asked.wait(PATIENCE)
    press(page, "Pause")
    press(page, "Don't pause")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    hold.release()
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    expect(page.get_by_text("2 of 2 steps").first).to_be_visible()


def test_a_run_at_its_limit_goes_on_when_the_limit_is_raised(
    page: Page, dashboard: Dashboard
) -> None:
    limits = RunLimits(model_calls=1)
    start(page, dashboard, *(ask(step_id, "?") for step_id in "abc"), limits=limits)
    expect(page.get_by_text("It has reached its limit of 1 model call")).to_be_visible()
    calls = page.get_by_label("Model calls")
    expect(calls).to_have_value("2")
    calls.fill("1")
    press(page, "Resume")
    expect(page.get_by_text("The run has used 1 model call already")).to_be_visible()
    calls.fill("2")
    press(page, "Resume")
    expect(page.get_by_text("It has reached its limit of 2 model calls")).to_be_visible()
    expect(calls).to_have_value("4")
    calls.fill("")  # no limit
    press(page, "Resume")
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    expect(page.get_by_text("3 of 3 steps").first).to_be_visible()
    expect(page.get_by_text("Used of its limits")).to_have_count(0)


def test_answers_in_a_loop_are_approved_edited_and_rejected(
    page: Page, dashboard: Dashboard
) -> None:
    answer = check("release", "Publish it?", "{{step.draft.result}}", on_reject="continue")
    loop = LoopStep("Refine", [ask("draft", "[draft]"), answer], max_iterations=3)
    run_id = start(page, dashboard, loop)
    card = card_of(page, "Release · turn 1")
    expect(card.get_by_text("A quiet pond.")).to_be_visible()
    press(card, "Approve")

    card = card_of(page, "Release · turn 2")
    press(card, "Edit")
    card.get_by_label("Text").fill("A pond, and a heron.")
    press(card, "Save and approve")

    card = card_of(page, "Release · turn 3")
    card.get_by_label("Note (optional)").fill("Too short.")
    press(card, "Reject")

    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    expect(page.get_by_text("Rejected: Too short.").first).to_be_visible()
    expect(card).to_have_count(0)
    found = sorted(rows(dashboard, "approval", run_id), key=lambda asked: asked.path)
    assert [(asked.status, asked.text, asked.note) for asked in found] == [
        ("approved", "A quiet pond.", ""),
        ("edited", "A pond, and a heron.", ""),
        ("rejected", "A quiet pond.", "Too short."),
    ]


def test_what_is_half_typed_stays_while_the_page_changes_around_it(
    page: Page, dashboard: Dashboard
) -> None:
    both = ParallelStep("Both", [check("left", "Left?"), check("right", "Right?")])
    run_id = start(page, dashboard, both)
    right = card_of(page, "Right")
    press(right, "Edit")
    right.get_by_label("Text").fill("Quite")
    note = right.get_by_label("Note (optional)")
    note.fill("Half a")
    note.press_sequentially(" note")
    shown = page.locator("[class*=st-key-step-]").last
    before = shown.inner_text()
    page.wait_for_function(  # the page was drawn again
        "old => [...document.querySelectorAll('[class*=st-key-step-]')].at(-1).innerText !== old",
        arg=before,
    )
    expect(note).to_be_focused()

    other = page.context.new_page()
    other.goto(page.url)
    press(card_of(other, "Left"), "Approve")
    expect(page.get_by_text("'Left' was approved meanwhile")).to_be_visible()
    expect(note).to_have_value("Half a note")
    expect(note).to_be_focused()
    expect(page.get_by_label("Text")).to_have_value("Quite")
    press(page, "Save and approve")
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    found = {asked.name: asked for asked in rows(dashboard, "approval", run_id)}
    assert (found["Right"].text, found["Right"].note) == ("Quite", "Half a note")


def test_a_retry_opens_a_new_run_that_repeats_nothing(page: Page, dashboard: Dashboard) -> None:
    steps = [ask("a", "[draft]"), ask("b", "[down] {{step.a.result}}"), ask("c", "End")]
    failed = start(page, dashboard, *steps)
    expect(page.get_by_text("Step 'B' failed: The line is down.")).to_be_visible()
    press(page, "Retry from the failed step")
    retried = opened_run(page, failed)
    expect(page.get_by_role("link", name="Continues")).to_be_visible()
    expect(page.get_by_text("Completed").first).to_be_visible()
    expect(page.get_by_role("heading", name="Result")).to_be_visible()
    expect(page.get_by_text("taken over from the earlier run")).to_have_count(1)
    found = {row.step_id: row.taken_over for row in rows(dashboard, "step_run", retried)}
    assert found == {"a": True, "b": False, "c": False}


def test_a_run_is_run_again_from_a_step_with_another_prompt(
    page: Page, dashboard: Dashboard
) -> None:
    first = start(page, dashboard, ask("a", "[draft]"), ask("b", "Say {{step.a.result}}"))
    expect(page.get_by_role("button", name="Run again", exact=True)).to_be_visible()
    press(page.locator(".st-key-fork-b"), "Run from here")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 step is taken over, the rest runs again")).to_be_visible()
    prompt = dialog.get_by_label("Prompt")
    expect(prompt).to_have_value("Say {{step.a.result}}")
    prompt.fill("Shout {{step.missing.result}}")
    press(dialog, "Run from here")
    expect(dialog.get_by_text("missing").last).to_be_visible()
    prompt.fill("Shout {{step.a.result}}")
    press(dialog, "Run from here")
    again = opened_run(page, first)
    expect(page.get_by_text("A LOUD POND.").first).to_be_visible()
    expect(page.get_by_role("link", name="from the step B on")).to_be_visible()
    found = {row.step_id: row for row in rows(dashboard, "step_run", again)}
    assert found["a"].taken_over
    assert found["b"].prompt == "Shout A quiet pond."

    press(page, "Run again from a step…")
    expect(dialog.get_by_text("Nothing is taken over")).to_be_visible()
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name="B").click()
    expect(dialog.get_by_text("1 step is taken over")).to_be_visible()
    expect(prompt).to_have_count(1)
    expect(prompt).to_have_value("Shout {{step.a.result}}")


def test_a_double_click_starts_whole_runs_or_one(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/?template=critic-revise")
    page.get_by_role("textbox", name="Topic").fill("a double click")
    page.get_by_role("button", name="Run now").dblclick()
    expect(page.get_by_text("Completed").first).to_be_visible()

    async def started(registry: ServiceRegistry) -> list[Any]:
        runs = await registry.get_repository("workflow").find_all()
        return [run for run in runs if run.inputs.get("topic") == "a double click"]

    runs = in_store(dashboard, started)
    assert 1 <= len(runs) <= 2
    for run in runs:
        page.goto(f"{dashboard.url}/?run={run.id}")
        expect(page.get_by_text("Completed").first).to_be_visible()
        steps = rows(dashboard, "step_run", run.id)
        assert [step.status for step in steps] == ["completed"] * 3
