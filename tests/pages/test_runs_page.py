"""The list of runs, and the page of one."""

import asyncio

import pytest

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import get_template
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.pages.conftest import Open, run_template, texts


def start(store: ServiceRegistry) -> Workflow:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    template = get_template("critic-revise")
    run = engine.new_run(template.build(), template.sample_inputs())
    asyncio.run(engine.start_run(run))
    return run


def test_without_runs_the_list_says_so(open_page: Open) -> None:
    assert "Every run will stand here" in texts(open_page("runs"))


def test_runs_are_found_by_status_and_name(open_page: Open, store: ServiceRegistry) -> None:
    run_template(store, "critic-revise")
    run_template(store, "parallel-experts")
    at = open_page("runs")
    assert texts(at).count("Completed") == 2
    at.text_input[0].input("EXPERTS").run()
    assert texts(at).count("Completed") == 1
    at.text_input[0].input("nonsense").run()
    assert "No run matches" in texts(at)


def test_a_finished_run_shows_prompts_answers_and_result(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_template(store, topic="the tides")
    at = open_page("run", run=run.id)
    shown = texts(at)
    for name in ("Initial Response", "Critique", "Revision", "Result", "Timeline"):
        assert name in shown + "".join(e.label for e in at.expander)
    prompts = [code.value for code in at.code]
    assert "Write two short paragraphs about the tides." in prompts
    assert any(prompt.startswith("You are a helpful assistant") for prompt in prompts)
    assert "canned text, no model was asked" in shown
    assert "nothing matches, so the first" in shown.replace("\\", "")


def test_a_failed_run_says_which_step_and_why(
    open_page: Open, store: ServiceRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMPHONY_MODEL", "openai-chat:gpt-x")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    run = run_template(store)
    assert run.status == "failed"
    shown = texts(open_page("run", run=run.id)).replace("\\", "")
    assert "Step 'Initial Response' failed" in shown
    assert "OPENAI_API_KEY" in shown


def test_a_run_whose_worker_is_gone_is_not_shown_as_running(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = start(store)
    run.mark(WorkflowStatus.RUNNING)
    asyncio.run(store.get_repository("workflow").save(run))
    shown = texts(open_page("run", run=run.id))
    assert "Interrupted" in shown
    assert "Running" not in shown
    assert "Interrupted" in texts(open_page("runs"))


def test_a_waiting_run_says_what_it_waits_for_and_can_be_cancelled(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = start(store)
    at = open_page("run", run=run.id)
    assert "as soon as a worker is there" in texts(at)
    next(button for button in at.button if button.label == "Cancel").click().run()
    stored = asyncio.run(store.get_repository("workflow").find_by_id(run.id))
    assert stored.status == "cancelled"
    assert "Cancelled" in texts(at)


def test_a_run_is_started_again_and_not_deleted_before_a_question(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_template(store, topic="the tides")
    at = open_page("run", run=run.id)
    next(button for button in at.button if button.label == "Run again").click().run()
    runs = asyncio.run(store.get_repository("workflow").find_all())
    assert [(r.status, r.inputs["topic"]) for r in runs] == [
        ("completed", "the tides"),
        ("pending", "the tides"),
    ]
    at = open_page("run", run=run.id)
    next(button for button in at.button if button.label == "Delete").click().run()
    assert "will be gone for good" in texts(at)
    assert asyncio.run(store.get_repository("workflow").count()) == 2


@pytest.mark.parametrize("run_id", ["nowhere", "../etc/passwd", "<script>"])
def test_an_unknown_run_is_named_with_the_way_out(open_page: Open, run_id: str) -> None:
    at = open_page("run", run=run_id)
    assert "There is no run" in texts(at)


def test_no_run_chosen_leads_to_the_list(open_page: Open) -> None:
    assert "No run is chosen" in texts(open_page("run"))


def test_a_run_of_many_steps_shows_a_page_of_them(open_page: Open, store: ServiceRegistry) -> None:
    options = {"experts": "\n".join(f"field {i}" for i in range(20))}
    engine: WorkflowEngine = store.get_service("workflow_engine")
    template = get_template("parallel-experts")
    run = engine.new_run(template.build(options=options), template.sample_inputs())
    asyncio.run(engine.execute_run(run))
    at = open_page("run", run=run.id)
    shown = [e.label for e in at.expander if "Expert" in e.label or "Synthesis" in e.label]
    assert len(shown) == 2
