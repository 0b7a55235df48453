"""What the run page offers for a run as it stands, and what it says of it."""

import asyncio
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from symphony_core.approval import ApprovalStatus
from symphony_core.execution.retry import RetryPolicy
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import ApprovalStep, LoopStep, SubWorkflowStep
from symphony_core.orchestration.workflow_definition import InputType, WorkflowInput
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import RunLimits, Workflow
from tests.orchestration.test_engine import ask, workflow
from tests.pages.conftest import Open, drawn, start_run, texts
from tests.support.scripted import answer_with


def run_steps(store: ServiceRegistry, *steps: WorkflowStep, **more: Any) -> Workflow:
    engine: WorkflowEngine = store.get_service("workflow_engine")
    return asyncio.run(engine.execute_workflow(workflow(*steps), **more))


def stored(store: ServiceRegistry, run: Workflow) -> Workflow:
    found: Workflow = asyncio.run(store.get_repository("workflow").find_by_id(run.id))
    return found


def question(store: ServiceRegistry, run: Workflow) -> Any:
    [asked] = asyncio.run(store.get_repository("approval").find_all({"run_id": run.id}))
    return asked


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def field(at: AppTest, label: str) -> Any:
    found = [*at.text_input, *at.text_area, *at.number_input, *at.selectbox, *at.toggle]
    return next(widget for widget in found if widget.label == label)


def check(**more: Any) -> ApprovalStep:
    step = ApprovalStep("Check", "Is it good?", "{{step.a.result}}", **more)
    step.id = "check"
    return step


def test_a_run_is_paused_and_resumed(open_page: Open, store: ServiceRegistry) -> None:
    run = start_run(store)
    at = open_page("run", run=run.id)
    press(at, "Pause")
    assert stored(store, run).status == "paused"
    assert "It was paused" in texts(at)
    assert "Paused" in texts(open_page("runs"))
    assert "Paused" in texts(open_page("home"))
    press(at, "Resume")
    assert stored(store, run).status == "pending"
    assert "Queued" in texts(at)


def test_a_limit_is_raised_by_more_than_was_used(open_page: Open, store: ServiceRegistry) -> None:
    limits = RunLimits(model_calls=1, seconds=600)
    run = run_steps(store, ask("a", "A?"), ask("b", "B?"), limits=limits)
    at = open_page("run", run=run.id)
    assert "reached its limit of 1 model call" in texts(at)
    assert "1 of 1 model call" in texts(at)
    assert field(at, "Model calls").value == 2
    assert [button.label for button in at.button].count("Resume") == 1
    field(at, "Model calls").set_value(1).run()
    press(at, "Resume")
    assert "has used 1 model call already" in texts(at)
    field(at, "Model calls").set_value(None).run()
    press(at, "Resume")
    assert (stored(store, run).status, stored(store, run).limits) == (
        "pending",
        RunLimits(seconds=600),
    )


def test_a_waiting_run_is_found_and_answered(open_page: Open, store: ServiceRegistry) -> None:
    answer_with(store, [{"match": "", "reply": "A **text**"}])
    run = run_steps(store, ask("a", "A?"), check(on_reject="continue", timeout_s=7200))
    assert "Waiting for you" in texts(open_page("runs"))
    assert "Waiting for you" in texts(open_page("home"))
    at = open_page("run", run=run.id)
    shown = texts(at)
    for words in ("Is it good?", "waits for your answer until", "goes on and knows of it"):
        assert words in shown.replace("\\", "")
    assert r"A \*\*text\*\*" in shown
    field(at, "Note (optional)").input("Fine").run()
    press(at, "Approve")
    asked = question(store, run)
    assert (asked.status, asked.note) == ("approved", "Fine")
    assert stored(store, run).status == "pending"
    assert "Approve" not in [button.label for button in at.button]
    assert "Approved: Fine" in texts(at).replace("\\", "")


def test_an_unchanged_text_is_approved_and_a_changed_one_edited(
    open_page: Open, store: ServiceRegistry
) -> None:
    for typed, status in ((None, "approved"), ("Better", "edited")):
        run = run_steps(store, ask("a", "A?"), check())
        at = open_page("run", run=run.id)
        press(at, "Edit")
        if typed:
            field(at, "Text").input(typed).run()
        press(at, "Save and approve")
        asked = question(store, run)
        assert asked.status == status
        assert (asked.text == "Better") == bool(typed)


def test_who_comes_second_is_told(open_page: Open, store: ServiceRegistry) -> None:
    run = run_steps(store, ask("a", "A?"), check())
    at = open_page("run", run=run.id)
    engine: WorkflowEngine = store.get_service("workflow_engine")
    asyncio.run(engine.control.answer(question(store, run).id, ApprovalStatus.REJECTED))
    press(at, "Approve")
    assert "'Check' was rejected" in texts(at).replace("\\", "")
    assert question(store, run).status == "rejected"
    press(at, "Close")
    assert "was rejected" not in texts(at)


def test_a_question_whose_time_is_over_has_no_buttons(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_steps(store, ask("a", "A?"), check(timeout_s=60))
    asked = question(store, run)
    asked.expires_at = asked.created_at
    asyncio.run(store.get_repository("approval").save(asked))
    at = open_page("run", run=run.id)
    assert "The time to answer is over" in texts(at)
    assert "Approve" not in [button.label for button in at.button]


def test_attempts_are_told(open_page: Open, store: ServiceRegistry) -> None:
    replies = [
        {"match": "", "error": "Too busy.", "retryable": True, "times": 2},
        {"match": "", "reply": "Here."},
    ]
    answer_with(store, replies)
    step = ask("a", "A?", retry=RetryPolicy(max_retries=2, delay_s=0.01))
    at = open_page("run", run=run_steps(store, step).id)
    shown = texts(at).replace("\\", "")
    assert "attempt 3" in shown
    assert "2 earlier attempts" in [expander.label for expander in at.expander]
    assert shown.count("Too busy.") == 2 * 2  # beside the graph, and in the list


def test_a_retry_says_what_it_goes_on_from(open_page: Open, store: ServiceRegistry) -> None:
    answer_with(store, [{"match": "B?", "error": "Down.", "times": 1}, {"match": ""}])
    failed = run_steps(store, ask("a", "A?"), ask("b", "B?"))
    press(open_page("run", run=failed.id), "Retry from the failed step")
    [retried] = asyncio.run(store.get_repository("workflow").find_all({"status": "pending"}))
    at = open_page("run", run=retried.id)
    [link] = [link for link in at.page_link if link.label.startswith("Continues")]
    assert link.proto.query_string == f"run={failed.id}"
    [taken_over] = [e.label for e in at.expander if "taken over" in e.label]
    assert taken_over.startswith("**A**")


def test_a_cancelled_run_goes_on_as_a_new_one(open_page: Open, store: ServiceRegistry) -> None:
    run = run_steps(store, ask("a", "A?"), check())
    at = open_page("run", run=run.id)
    press(at, "Cancel")
    assert "Waiting for you" not in texts(at)
    press(at, "Go on where it stopped")
    assert asyncio.run(store.get_repository("workflow").count({"status": "pending"})) == 1


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a", "Nothing is taken over"),
        ("l#1/b", "1 step is taken over"),
        ("l#2/b", "2 steps are taken over"),
    ],
)
def test_a_step_to_run_again_from_says_what_will_happen(
    open_page: Open, store: ServiceRegistry, path: str, sentence: str
) -> None:
    loop = LoopStep("L", [ask("b", "B {{topic}}")], max_iterations=2)
    loop.id = "l"
    run = run_steps(store, ask("a", "A?"), loop, initial_context={"topic": "sea", "deep": [1]})
    at = open_page("run", run=run.id)
    if path == "l#1/b":
        at.pagination(key="turn-l").set_value(1).run()
    at.button(key=f"fork-{path}").click().run()
    assert sentence in texts(at)
    assert field(at, "Step to begin at").options == ["A", "L", "B · turn 1", "B · turn 2"]
    assert field(at, "topic").value == "sea"
    assert field(at, "Prompt").value == ("A?" if path == "a" else "B {{topic}}")


def test_every_kind_of_input_can_be_changed_for_another_run(
    open_page: Open, store: ServiceRegistry
) -> None:
    inputs = (
        WorkflowInput(name="tone", type=InputType.CHOICE, choices=("formal", "warm")),
        WorkflowInput(name="loud", type=InputType.BOOLEAN),
        WorkflowInput(name="notes", label="Notes", type=InputType.FILE),
    )
    engine: WorkflowEngine = store.get_service("workflow_engine")
    definition = workflow(ask("a", "{{tone}} {{loud}} {{notes}}"), inputs=inputs)
    given = {"tone": "warm", "loud": True, "notes": "Ebb"}
    run = asyncio.run(engine.execute_workflow(definition, given))
    at = open_page("run", run=run.id)
    assert "**loud**: yes" in texts(at)
    at.button(key="fork-a").click().run()
    assert field(at, "tone").options == ["formal", "warm"]
    assert "a text of 3 characters" in texts(at)
    field(at, "tone").select("formal")
    field(at, "loud").set_value(False)

    def upload(name: str, content: bytes) -> str:
        at.session_state["fork-opened"] = run.id  # AppTest draws the page and not the dialog alone
        at.file_uploader[0].upload(name, content, "text/plain").run()
        at.session_state["fork-opened"] = run.id
        [*_, start] = [button for button in at.button if button.label == "Run from here"]
        return texts(start.click().run()).replace("\\", "")

    said = upload("picture.png", b"\x89PNG")
    assert "The file 'picture.png' is no text in UTF-8" in said
    assert "The input 'notes' of 'W' needs a value" in said
    assert "has 100,001 characters, and may have 100,000" in upload("long.txt", b"x" * 100_001)
    upload("notes.txt", "Flöw\n".encode())
    [again] = asyncio.run(store.get_repository("workflow").find_all({"status": "pending"}))
    assert again.inputs == {"tone": "formal", "loud": False, "notes": "Flöw\n"}


def test_the_graph_shows_how_each_step_stands(open_page: Open, store: ServiceRegistry) -> None:
    run = run_steps(store, ask("a", "A?"), check(), ask("b", "B?"))
    [graph] = drawn(open_page("run", run=run.id))
    assert [node["label"] for node in json.loads(graph["flow"])["nodes"]] == ["A", "Check", "B"]
    words = {node: mark["word"] for node, mark in graph["marks"].items()}
    assert words == {"a": "Completed", "check": "Waiting for you"}


def test_a_templates_limits_go_into_the_run_and_into_its_repetition(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("templates", template="critic-revise")
    field(at, "Model calls").set_value(2)
    field(at, "Cost in US dollars").set_value(0.005)
    field(at, "Time in minutes").set_value(1.5)
    press(at, "Run now")
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert run.limits == RunLimits(model_calls=2, cost=0.005, seconds=90)
    at = open_page("run", run=run.id)
    press(at, "Cancel")
    press(at, "Run again")
    runs = asyncio.run(store.get_repository("workflow").find_all({"status": "pending"}))
    assert [again.limits for again in runs] == [run.limits]


def test_a_workflow_within_a_run_can_be_opened(open_page: Open, store: ServiceRegistry) -> None:
    inner = workflow(ask("a", "Inner"), id="inner").model_copy(update={"name": "Essay"})
    asyncio.run(store.get_repository("workflow_definition").save(inner))
    step = SubWorkflowStep("Sub", "inner")
    step.id = "sub"
    run = run_steps(store, step)
    at = open_page("run", run=run.id)
    assert "Runs the workflow “Essay”, version 1" in texts(at)
    links = [element.proto for element in at.get("page_link")]
    [link] = [link for link in links if link.label == "Open this workflow"]
    assert link.query_string == "workflow=inner"
    at.switch_page("../pages/workflow.py")
    at.query_params["workflow"] = "inner"
    assert at.run().title[0].value == "Essay"
