"""A run of a workflow that has another in it, as pages and reports show it."""

from typing import Any

import pytest

from dashboard.report.contents import Report, without_inputs
from dashboard.report.page import to_html
from dashboard.viewmodels.comparison import compare
from dashboard.viewmodels.flow import flow_of, marks_of
from dashboard.viewmodels.forks import fork_form
from dashboard.viewmodels.replay import replay_of
from dashboard.viewmodels.replay_captions import captions_of
from dashboard.viewmodels.replay_scenes import scenes_of
from dashboard.viewmodels.runs import Facts, RunView, run_view
from dashboard.viewmodels.story import story_of
from dashboard.viewmodels.timeline import bars_of
from symphony_core.ids import utc_now
from symphony_core.orchestration.steps import ConditionalStep, LoopStep
from symphony_core.orchestration.workflow_definition import WorkflowInput
from symphony_core.registry import ServiceRegistry
from tests.orchestration.test_engine import ask, engine_of, workflow
from tests.orchestration.test_sub_workflows import use
from tests.support.scripted import answer_with

REPLIES = [
    {"match": "Inner draft", "reply": "INNER"},
    {"match": "Polish", "reply": "POLISHED"},
    {"match": "", "reply": "OUTER"},
]


async def executed(registry: ServiceRegistry) -> Report:
    """Run a workflow in which the ids `draft`, `way` and `end` stand for two steps each."""
    way = ConditionalStep("Inner way", "'INNER' in step.draft.result", ask("end", "Yes?"))
    way.id = "way"
    turns = LoopStep("Turns", ask("polish", "Polish {{step.draft.result}}"), max_iterations=2)
    turns.id = "turns"
    inner = workflow(
        ask("draft", "Inner draft {{topic}}"),
        turns,
        way,
        id="essay",
        inputs=(WorkflowInput(name="topic"),),
    ).model_copy(update={"name": "Essay"})
    await registry.get_repository("workflow_definition").save(inner)
    answer_with(registry, REPLIES)
    outer_way = ConditionalStep("Way", "step.draft.result == 'x'", ask("a", "A?"), ask("end", "E"))
    outer_way.id = "way"
    outer = workflow(
        ask("draft", "Outer draft"),
        use("one", "essay", topic="{{step.draft.result}}"),
        use("two", "essay", topic="tides"),
        outer_way,
    )
    run = await engine_of(registry).execute_workflow(outer)
    assert run.status == "completed", run.error
    mine = {"run_id": run.id}
    steps = await registry.get_repository("step_run").find_all(mine)
    events = await registry.get_repository("run_event").find_all(mine)
    events.sort(key=lambda event: event.number)
    return Report(Facts(run, steps), events, utc_now(), {})


@pytest.fixture
async def report(registry: ServiceRegistry) -> Report:
    return await executed(registry)


@pytest.fixture
def view(report: Report) -> RunView:
    return run_view(report.facts, utc_now(), {})


def steps_of(view: RunView) -> Any:
    assert view.definition is not None
    return view.definition["steps"]


def test_it_is_drawn_as_a_frame_around_its_steps(view: RunView) -> None:
    flow = flow_of(steps_of(view))
    nodes = {node.id: node for node in flow.nodes}
    assert (nodes["one"].kind, nodes["one"].detail) == ("nested", "workflow Essay")
    assert (nodes["one/draft"].parent, nodes["draft"].parent) == ("one", None)
    assert nodes["one/way"].detail == "if 'INNER' in Draft"
    ways = {(edge.source, edge.target) for edge in flow.edges}
    assert {("draft", "one"), ("one", "two"), ("one/draft", "one/turns")} <= ways
    marks = marks_of(view.definition or {}, view.steps, "completed")
    assert marks["one"].status == marks["two/turns/polish"].status == "completed"
    assert marks["one/way"].detail == "Yes"
    assert marks["way"].detail == "No"
    assert marks["way/a"].status == "skipped"


def test_one_that_is_only_named_is_a_single_step() -> None:
    steps = workflow(use("one", "essay"), use("two", "unknown")).steps
    one, two = flow_of(steps, workflows={"essay": "Essay"}).nodes
    assert (one.kind, one.label, one.detail) == ("workflow", "One", "workflow Essay")
    assert (two.kind, two.detail) == ("workflow", "workflow")


def test_its_steps_are_told_from_others_of_their_name(view: RunView, report: Report) -> None:
    labels = {bar.lane: bar.label for bar in bars_of(view.records)}
    assert labels["draft"] == "Draft"
    assert labels["one/draft"] == "One · Draft"
    assert labels["two/turns/polish"] == "Two · Polish"
    form = fork_form(view.steps, view.definition or {}, {})
    assert form.prompts["draft"] == "Outer draft"
    assert form.prompts["two/draft"] == "Inner draft {{topic}}"
    assert form.steps["two/turns#2/polish"] == "Two · Polish · turn 2"
    one = next(step for step in view.steps if step.path == "one")
    assert (one.note, one.workflow_id) == ("Runs the workflow “Essay”, version 1.", "essay")
    assert one.output == "OUTER"
    before = {step.path: step.version_before for step in view.steps}
    assert before["one/turns#2/polish"] == "one/turns#1/polish"


def test_it_is_told_in_plain_words(view: RunView) -> None:
    told = [sentence.text for sentence in story_of(view)]
    assert told.count("“One” began: the steps of the workflow “Essay”.") == 1
    assert sum("the run took the Yes way" in text for text in told) == 2
    assert sum("the run took the No way" in text for text in told) == 1


def test_it_is_played_again(view: RunView, report: Report) -> None:
    replay = replay_of(view, report.events)
    assert replay is not None
    assert {scene["node"] for scene in replay.scenes} >= {"one", "one/draft", "one/turns/polish"}
    assert {*replay.skips} == {"way/a"}
    zero, views = report.events[0].at, {step.path: step for step in view.steps}
    told = captions_of(scenes_of(report.events, zero, 1), views, report.events, zero)
    said = [words for _, words in told]
    assert "One: Runs the workflow “Essay”, version 1" in said
    assert "Two · Draft starts: Assistant" in said


def test_a_report_leaves_its_prompts_out_where_it_is_asked_to(report: Report) -> None:
    assert "Inner draft" in to_html(report)
    left = without_inputs(report)
    assert "Inner draft" not in to_html(left)
    assert marks_of(left.view.definition or {}, left.view.steps, "completed")["one/way/end"]


async def test_it_is_compared_step_by_step(view: RunView, registry: ServiceRegistry) -> None:
    other = run_view((await executed(registry)).facts, utc_now(), {})
    compared = compare(view, other)
    assert all(pair.a and pair.b for pair in compared.steps)
