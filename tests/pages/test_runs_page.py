"""The list of runs, and the page of one."""

import asyncio
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.text import literal
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import get_template
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import RunPurpose, Workflow, WorkflowStatus
from tests.pages.conftest import Open, run_template, start_run, texts, unfold

HOSTILE = "**x** :red[y] <script>alert(1)</script> -> $z$"


def save_ended_run(store: ServiceRegistry, name: str, **fields: Any) -> None:
    run = Workflow(name=name, **fields)
    run.mark(WorkflowStatus.COMPLETED)
    asyncio.run(store.get_repository("workflow").save(run))


def names(at: AppTest) -> list[str]:
    return [link.label.strip("*") for link in at.page_link]


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


def test_many_runs_stand_on_pages_and_another_filter_begins_at_the_first(
    open_page: Open, store: ServiceRegistry
) -> None:
    run_template(store)
    for number in range(60):
        save_ended_run(store, f"Number {number}")
    at = open_page("runs")
    assert at.pagination[0].proto.num_pages == 5
    at.pagination[0].set_value(5).run()
    assert "Critic and revise" in names(at)
    at.text_input[0].input("number 1").run()
    assert names(at) == ["Number 19", *[f"Number 1{n}" for n in range(8, -1, -1)], "Number 1"]
    at.text_input[0].input("number").run()
    assert at.pagination[0].value == 1
    assert names(at)[0] == "Number 59"


def test_tries_are_listed_when_they_are_asked_for_and_are_called_so(
    open_page: Open, store: ServiceRegistry
) -> None:
    save_ended_run(store, "Worked")
    for number in range(16):
        save_ended_run(store, f"Tried {number}", purpose="try")
    at = open_page("runs")
    assert names(at) == ["Worked"]
    assert not at.pagination
    at.toggle(key="tries").set_value(True).run()
    assert names(at) == [f"Tried {number}" for number in range(15, 0, -1)]
    assert texts(at).count("gray-badge[Try]") == 15
    at.pagination[0].set_value(2).run()
    assert names(at) == ["Tried 0", "Worked"]
    at.query_params["run"] = "x"  # as Streamlit leaves it in the browser's history
    at.run()
    assert names(at) == ["Tried 0", "Worked"]


def test_what_is_made_out_of_a_try_is_a_try(open_page: Open, store: ServiceRegistry) -> None:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    template = get_template("critic-revise")
    tried = engine.new_run(
        template.build(), template.sample_inputs(), purpose=RunPurpose.TRY, model="scripted"
    )
    asyncio.run(engine.execute_run(tried))
    at = open_page("run", run=tried.id)
    next(button for button in at.button if button.label == "Run again").click().run()
    assert tried.definition is not None
    asyncio.run(engine.control.fork(tried.id, at=tried.definition["steps"][0]["id"]))
    runs = asyncio.run(store.get_repository("workflow").find_all())
    assert [run.purpose for run in runs] == [RunPurpose.TRY] * 3


def test_going_back_from_a_run_finds_the_filter_again(
    open_page: Open, store: ServiceRegistry
) -> None:
    save_ended_run(store, "Kept")
    save_ended_run(store, "Left out")
    at = open_page("runs")
    at.text_input[0].input("kept").run()
    at.query_params["run"] = "x"  # as Streamlit leaves it in the browser's history
    at.run()
    assert at.text_input[0].value == "kept"
    assert names(at) == ["Kept"]


def test_a_live_run_is_cancelled_in_the_list(open_page: Open, store: ServiceRegistry) -> None:
    run = start_run(store)
    at = open_page("runs")
    at.menu_button(key=f"runs-{run.id}").click_index(0).run()
    at.run()
    assert "Cancelled" in texts(at)


def test_an_ended_run_is_repeated_or_deleted_after_a_question(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_template(store)
    at = open_page("runs")
    at.menu_button(key=f"runs-{run.id}").click_index(1).run()
    assert "will be gone for good" in texts(at)
    assert asyncio.run(store.get_repository("workflow").count()) == 1
    at = open_page("runs")
    at.menu_button(key=f"runs-{run.id}").click_index(0).run()
    assert asyncio.run(store.get_repository("workflow").count({"status": "pending"})) == 1


def test_a_name_is_shown_as_it_is(open_page: Open, store: ServiceRegistry) -> None:
    save_ended_run(store, HOSTILE)
    at = open_page("runs")
    assert [link.label for link in at.page_link] == [f"**{literal(HOSTILE)}**"]


def test_a_finished_run_shows_prompts_answers_and_result(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_template(store, topic="the tides")
    at = unfold(unfold(open_page("run", run=run.id), "Prompt"), "Why this agent")
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
    run = start_run(store)
    run.mark(WorkflowStatus.RUNNING)
    asyncio.run(store.get_repository("workflow").save(run))
    shown = texts(open_page("run", run=run.id))
    assert "Interrupted" in shown
    assert "Running" not in shown
    assert "Interrupted" in texts(open_page("runs"))


def test_a_waiting_run_says_what_it_waits_for_and_can_be_cancelled(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = start_run(store)
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


def test_of_many_steps_side_by_side_a_page_is_shown(
    open_page: Open, store: ServiceRegistry
) -> None:
    options = {"experts": "\n".join(f"field {i}" for i in range(20))}
    engine: WorkflowEngine = store.get_service("workflow_engine")
    template = get_template("parallel-experts")
    run = engine.new_run(template.build(options=options), template.sample_inputs())
    asyncio.run(engine.execute_run(run))
    at = open_page("run", run=run.id)
    assert len([e for e in at.expander if "field" in e.label]) == 12
    at.pagination[0].set_value(2).run()
    assert len([e for e in at.expander if "field" in e.label]) == 8
    assert len([e for e in at.expander if "Synthesis" in e.label]) == 1


def test_the_events_of_a_run_are_read_when_they_are_opened(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_template(store)
    at = open_page("run", run=run.id)
    assert not at.dataframe
    at.session_state[f"events-{run.id}"] = True
    at.run()
    [log] = at.dataframe
    assert list(log.value["What"])[0] == "Run completed"
    assert list(log.value["What"])[-1] == "Run created"
    assert list(log.value["#"]) == list(range(len(log.value), 0, -1))
