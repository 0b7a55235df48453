"""Two runs side by side, and the ways there."""

import asyncio
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.text import literal
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import LoopStep
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import Workflow
from tests.orchestration.test_engine import ask, workflow
from tests.pages.conftest import Open, run_template, start_run, texts, unfold
from tests.support.scripted import answer_with

HOSTILE = "<script>alert(1)</script> **x**"


def differences(at: AppTest) -> list[dict[str, Any]]:
    """The data of every difference that is drawn on a page."""
    drawn = [json.loads(part.proto.json) for part in at.get("bidi_component") if part.proto.json]
    return [data for data in drawn if "pieces" in data]


def test_two_runs_of_a_template_stand_side_by_side(open_page: Open, store: ServiceRegistry) -> None:
    one, other = run_template(store, topic="the sea"), run_template(store, topic="the woods")
    at = open_page("compare", a=one.id, b=other.id)
    shown = texts(at)
    for words in ("Inputs", "Figures", "Both took the same path: 3 steps.", "Result", "Steps"):
        assert words in shown.replace("\\", "")
    assert shown.count(":material/difference: differs") == 4  # the input and three answers
    pieces = [(p["kind"], p["text"]) for p in differences(at)[0]["pieces"]]
    assert pieces == [("same", "the "), ("removed", "sea"), ("added", "woods")]
    before = len(differences(at))
    assert len(differences(unfold(at, "Prompt: differs"))) == before + 3


def test_from_the_bare_address_the_comparison_opens(
    open_page: Open, store: ServiceRegistry
) -> None:
    one, other = run_template(store), run_template(store)
    assert "Compare two runs" in texts(open_page("home", a=one.id, b=other.id))


def test_a_hostile_text_is_data_and_never_markdown(open_page: Open, store: ServiceRegistry) -> None:
    one, other = run_template(store, topic=HOSTILE), run_template(store, topic="peace")
    at = open_page("compare", a=one.id, b=other.id)
    assert HOSTILE not in texts(at)
    assert any(HOSTILE in piece["text"] for data in differences(at) for piece in data["pieces"])


def test_they_are_swapped(open_page: Open, store: ServiceRegistry) -> None:
    one, other = run_template(store, topic="the sea"), run_template(store, topic="the woods")
    at = open_page("compare", a=one.id, b=other.id)
    next(b for b in at.button if b.label == "Swap A and B").click().run()
    assert differences(at)[0]["pieces"][1] == {"kind": "removed", "text": "woods"}


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("", "", "Two runs are compared"),
        ("RUN", "", "Two runs are compared"),
        ("RUN", "nowhere", "There is no run"),
        ("<b>", "RUN", "There is no run"),
        ("RUN", "RUN", "Both are the same run"),
    ],
)
def test_what_cannot_be_compared_is_said_with_the_way_out(
    open_page: Open, store: ServiceRegistry, a: str, b: str, said: str
) -> None:
    run = run_template(store)
    ids = {"a": a.replace("RUN", run.id), "b": b.replace("RUN", run.id)}
    at = open_page("compare", **{name: value for name, value in ids.items() if value})
    assert said in texts(at)
    assert "Choose two runs" in [link.label for link in at.page_link]


def test_a_run_that_has_not_begun_can_be_compared(open_page: Open, store: ServiceRegistry) -> None:
    ended, waiting = run_template(store), start_run(store)
    shown = texts(open_page("compare", a=ended.id, b=waiting.id)).replace("\\", "")
    assert "Queued" in shown
    assert "Only A went through Initial Response, Critique, Revision." in shown


def test_two_runs_are_ticked_in_the_list(open_page: Open, store: ServiceRegistry) -> None:
    runs = [run_template(store, topic=topic) for topic in ("sea", "woods", "hills")]
    at = open_page("runs")
    assert at.button(key="compare-chosen").disabled
    assert "Tick two runs to compare them." in texts(at)
    at.checkbox(key=f"choose-{runs[1].id}").check().run()
    assert "Tick one more" in texts(at)
    at.checkbox(key=f"choose-{runs[0].id}").check().run()
    at.checkbox(key=f"choose-{runs[2].id}").check().run()
    assert "Leave two to compare them" in texts(at)
    assert at.button(key="compare-chosen").disabled
    at.checkbox(key=f"choose-{runs[2].id}").uncheck().run()
    at.button(key="compare-chosen").click().run()
    assert "Compare two runs" in texts(at)
    assert (at.query_params["a"], at.query_params["b"]) == (runs[0].id, runs[1].id)


def test_ticks_are_cleared(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    at = open_page("runs")
    at.checkbox(key=f"choose-{run.id}").check().run()
    at.button(key="clear-chosen").click().run()
    assert not at.checkbox(key=f"choose-{run.id}").value


def test_a_forked_run_leads_to_its_comparison(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    engine: WorkflowEngine = store.get_service("workflow_engine")
    steps = asyncio.run(store.get_repository("step_run").find_all({"run_id": run.id}))
    last = next(step.path for step in steps if step.name == "Revision")
    fork = asyncio.run(engine.control.fork(run.id, at=last))
    at = open_page("run", run=fork.id)
    assert "Compare with the original" in [link.label for link in at.page_link]


# --- what a run's steps show


def run_loop(store: ServiceRegistry) -> Workflow:
    loop = LoopStep("Loop", [ask("b", "Again")], max_iterations=3)
    loop.id = "loop"
    engine: WorkflowEngine = store.get_service("workflow_engine")
    return asyncio.run(engine.execute_workflow(workflow(ask("a", "Once"), loop)))


def test_a_revision_shows_what_changed(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    at = open_page("run", run=run.id)
    assert differences(at) == []
    at = unfold(at, "What changed since Initial Response")
    assert {piece["kind"] for piece in differences(at)[0]["pieces"]} >= {"removed", "added"}


def test_a_loop_is_stepped_through(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("run", run=run_loop(store).id)
    assert [e.label for e in at.expander if e.label.startswith("**B**")] == ["**B** · turn 3"]
    at.pagination(key="turn-loop").set_value(1).run()
    assert [e.label for e in at.expander if e.label.startswith("**B**")] == ["**B** · turn 1"]


def test_a_long_text_is_shown_in_part_until_all_is_asked_for(
    open_page: Open, store: ServiceRegistry
) -> None:
    answer_with(store, [{"match": "", "reply": "word " * 10_000 + "The end."}])
    engine: WorkflowEngine = store.get_service("workflow_engine")
    run = asyncio.run(engine.execute_workflow(workflow(ask("a", "Long"))))
    at = open_page("run", run=run.id)
    assert "30,008 characters more" in texts(at)
    assert literal("The end.") not in texts(at)
    at.button(key="show-output-a").click().run()
    assert at.text[0].value.endswith("The end.")
