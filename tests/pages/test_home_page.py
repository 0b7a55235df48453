"""The home page."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.text import literal
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import ApprovalStep
from symphony_core.orchestration.templates import GALLERY
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.samples import add_samples
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.orchestration.test_engine import workflow
from tests.pages.conftest import Open, drawn, run_template, start_run, steps_in, texts

HOSTILE = "**x** :red[y] <script>alert(1)</script> https://evil.example"


def test_without_runs_it_says_what_will_stand_there(open_page: Open) -> None:
    at = open_page("home")
    shown = texts(at)
    assert "Runs that have ended stand here" in shown
    assert "Scripted model" in shown
    assert "canned text, no model was asked" in shown
    assert [metric.value for metric in at.metric] == ["0", "–", "0", "–"]


def test_runs_are_counted_and_listed(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    at = open_page("home")
    tokens = f"{run.input_tokens + run.output_tokens:,}"
    assert [metric.value for metric in at.metric] == ["1", "100%", tokens, "free"]
    assert "benefits of a morning walk" in texts(at)


def save_run(store: ServiceRegistry, days_ago: int, status: str, **fields: Any) -> None:
    run = Workflow(name="R", created_at=utc_now() - timedelta(days=days_ago), **fields)
    run.mark(WorkflowStatus(status), "It failed.")
    asyncio.run(store.get_repository("workflow").save(run))


def alts(at: AppTest) -> list[str]:
    return [str(chart.proto.alt) for chart in at.get("echarts_chart")]


def test_the_figures_are_those_of_the_store(open_page: Open, store: ServiceRegistry) -> None:
    save_run(store, 0, "completed", input_tokens=1000, output_tokens=200, cost=0.5)
    save_run(store, 0, "failed", input_tokens=50, cost=0.25)
    save_run(store, 3, "completed", output_tokens=50, cost=None)
    save_run(store, 3, "cancelled")
    save_run(store, 9, "failed", input_tokens=7, cost=9.0)
    at = open_page("home")
    assert [metric.value for metric in at.metric] == ["2", "50%", "1,250", literal("$0.75")]
    weeks = [c.value for c in at.caption if str(c.value).startswith("Seven days")]
    assert weeks == [
        f"Seven days: **{literal(words)}**" for words in ("4", "67%", "1,300", "unknown")
    ]
    before = f"{utc_now() - timedelta(days=3):%A}"
    today = f"{utc_now():%A}"
    for alt, then, now in zip(
        alts(at), ("2", "100%", "50", "unknown"), ("2", "50%", "1,250", "$0.75"), strict=True
    ):
        assert f"{before} {then}," in alt
        assert alt.endswith(f"{today} {now}")
    assert alts(at)[0].count(" 0") == 5


def test_tries_stand_in_no_list_and_count_only_in_what_was_spent(
    open_page: Open, store: ServiceRegistry
) -> None:
    save_run(store, 0, "completed", input_tokens=5, cost=0.5)
    assert "a try is not a run" not in texts(open_page("home"))
    tried = {"purpose": "try", "tags": ["mine"], "input_tokens": 7, "cost": 0.25}
    save_run(store, 0, "failed", **tried)
    save_run(store, 2, "pending", **tried)
    at = open_page("home")
    assert [metric.value for metric in at.metric] == ["1", "100%", "12", literal("$0.75")]
    assert "include 2 tries of agents or steps; a try is not a run" in texts(at)
    assert alts(at)[3].count("$0.25") == 1
    assert [link.label for link in at.page_link].count("**R**") == 1
    assert "Under way" not in [heading.value for heading in at.subheader]


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def test_samples_do_not_count_and_are_removed_and_put_back(
    open_page: Open, store: ServiceRegistry
) -> None:
    asyncio.run(add_samples(store))
    runs = store.get_repository("workflow")
    before = asyncio.run(runs.versions()).keys()
    at = open_page("home")
    assert at.metric[0].value == "0"
    assert texts(at).count("Sample") == len(before)
    press(at, "Remove the samples")
    assert asyncio.run(runs.count()) == 0
    assert asyncio.run(store.get_repository("step_run").count()) == 0
    assert "Runs that have ended stand here" in texts(at)
    press(at, "Put them back")
    assert asyncio.run(runs.versions()).keys() == before
    assert "The sample runs are removed" not in texts(at)


def test_samples_can_be_removed_when_others_are_newer(
    open_page: Open, store: ServiceRegistry
) -> None:
    asyncio.run(add_samples(store))
    for _ in range(6):
        save_run(store, 0, "completed")
    press(open_page("home"), "Remove the samples")
    assert asyncio.run(store.get_repository("workflow").count()) == 6


def test_an_empty_page_offers_the_samples(open_page: Open, store: ServiceRegistry) -> None:
    at = press(open_page("home"), "Show me sample runs")
    assert asyncio.run(store.get_repository("workflow").count()) > 0
    assert "Sample" in texts(at)


def test_one_button_starts_a_sample_run(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("home")
    at.button(key="Run-critic-revise").click().run()
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert (run.status, run.template) == ("pending", "critic-revise")
    assert run.inputs == {"topic": "the benefits of a morning walk"}


def test_what_is_running_stands_first_and_leads_to_its_page(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = start_run(store)
    at = open_page("home")
    assert [heading.value for heading in at.subheader][0] == "Under way"
    [link] = [link for link in at.page_link if link.label == "**Critic and revise**"]
    assert link.proto.query_string == f"run={run.id}"
    assert "0 of 3 steps done · Waits for its turn" in at.get("progress")[0].proto.text
    at.button(key=f"stop-{run.id}").click().run()
    [found] = asyncio.run(store.get_repository("workflow").find_all())
    assert found.status == "cancelled"


def test_a_question_stands_first_and_leads_to_its_answer(
    open_page: Open, store: ServiceRegistry
) -> None:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    waiting = asyncio.run(engine.execute_workflow(workflow(ApprovalStep("Publish", "Good?"))))
    start_run(store)
    at = open_page("home")
    shown = texts(at)
    assert shown.index("Waiting for you") < shown.index("Queued")
    assert literal("'Publish' waits for an answer.") in shown
    at.button(key=f"answer-{waiting.id}").click().run()
    assert "approve-" in " ".join(str(button.key) for button in at.button)


def test_more_than_can_be_shown_are_counted(open_page: Open, store: ServiceRegistry) -> None:
    for _ in range(6):
        start_run(store)
    assert "All 6 that are not over" in [link.label for link in open_page("home").page_link]


def test_a_card_has_a_drawing_that_says_what_it_shows(open_page: Open) -> None:
    graphs = drawn(open_page("home"))
    assert [graph["alt"].partition(":")[0] for graph in graphs] == [
        each.name for each in GALLERY[:3]
    ]
    assert list(steps_in(graphs[0])) == ["Initial Response", "Critique", "Revision"]
    assert not any(graph["selectable"] for graph in graphs)


def test_a_model_that_is_not_ready_is_said_with_the_way_out(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMPHONY_MODEL", "openai-chat:gpt-x")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    [warning] = open_page("home").warning
    assert "OPENAI_API_KEY" in warning.value.replace("\\", "")


def test_names_are_shown_as_they_are(open_page: Open, store: ServiceRegistry) -> None:
    run_template(store, topic=HOSTILE)
    at = open_page("home")
    [about] = [caption.value for caption in at.caption if "alert" in caption.value]
    assert about == f"&ensp;{literal(HOSTILE)}"
