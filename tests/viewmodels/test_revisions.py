"""Which earlier text a step's answer is a new version of, and how steps lie in each other."""

from collections.abc import Mapping
from typing import Any

from dashboard.viewmodels.definitions import steps_by_id
from dashboard.viewmodels.revisions import versions_before
from dashboard.viewmodels.routing import scores_of
from dashboard.viewmodels.runs import Facts, run_view
from dashboard.viewmodels.step_groups import Entry, entries_of
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import LoopStep
from symphony_core.orchestration.templates import get_template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.step_run import StepAttempt, StepRun, StepStatus
from symphony_core.workflow import Workflow
from tests.orchestration.test_engine import ask, workflow
from tests.viewmodels.test_runs import NOW, later, step


def named(definition: WorkflowDefinition) -> Mapping[str, str]:
    """The ids of a definition's steps by their names."""
    return {each["name"]: step_id for step_id, each in steps_by_id(definition.to_dict()).items()}


def before(*steps: WorkflowStep, ran: list[str]) -> dict[str, str]:
    records = [step(path, "completed") for path in ran]
    return versions_before(workflow(*steps).to_dict(), records)


def test_a_revision_follows_the_draft_that_was_criticised() -> None:
    definition = get_template("critic-revise").build()
    ids = named(definition)
    records = [step(path, "completed") for path in ids.values()]
    assert versions_before(definition.to_dict(), records) == {
        ids["Revision"]: ids["Initial Response"]
    }


def test_turns_follow_each_other_and_the_first_one_what_its_loop_starts_with() -> None:
    definition = get_template("iterative-refinement").build()
    ids = named(definition)
    loop, draft, feedback = (
        ids[name] for name in ("Refinement Loop", "Improved Draft", "Feedback")
    )
    paths = [f"{loop}#{turn}/{name}" for turn in (1, 2, 10) for name in (feedback, draft)]
    records = [step(ids["Initial Response"], "completed"), step(loop, "completed", "loop")]
    records += [step(path, "completed") for path in paths]
    assert versions_before(definition.to_dict(), records) == {
        f"{loop}#1/{draft}": ids["Initial Response"],
        f"{loop}#2/{draft}": f"{loop}#1/{draft}",
        f"{loop}#10/{draft}": f"{loop}#2/{draft}",
        f"{loop}#2/{feedback}": f"{loop}#1/{feedback}",
        f"{loop}#10/{feedback}": f"{loop}#2/{feedback}",
    }


def test_the_last_turn_of_an_inner_loop_comes_before_the_next_outer_one() -> None:
    inner = LoopStep("In", [ask("x", "?")])
    inner.id = "in"
    outer = LoopStep("Out", [inner])
    outer.id = "out"
    ran = ["out#1/in#1/x", "out#1/in#2/x", "out#2/in#1/x"]
    assert before(outer, ran=ran) == dict(zip(ran[1:], ran[:-1], strict=True))


def test_nothing_is_offered_where_it_is_not_sure() -> None:
    draft, other = ask("draft", "Write"), ask("other", "Write too")
    critique = ask("critique", "Criticise {{step.draft.result}}")
    without = ask("revise", "Rewrite {{step.draft.result}}")
    assert before(draft, without, ran=["draft", "revise"]) == {}
    critique_of_both = ask("critique", "{{step.draft.result}} {{step.other.result}}")
    both = ask("revise", "{{step.draft.result}} {{step.other.result}} {{step.critique.result}}")
    ran = ["draft", "other", "critique", "revise"]
    assert before(draft, other, critique_of_both, both, ran=ran) == {}
    somebody_else = ask("revise", "{{step.draft.result}} {{step.critique.result}}")
    somebody_else.agent_id = "another"
    assert before(draft, critique, somebody_else, ran=["draft", "critique", "revise"]) == {}
    revise = ask("revise", "{{step.draft.result}} {{step.critique.result}}")
    assert before(draft, critique, revise, ran=["critique", "revise"]) == {}
    assert versions_before(None, [step("a", "completed")]) == {}


def test_a_step_tells_its_version_before_and_one_tried_again_keeps_its_place() -> None:
    earlier = StepAttempt(number=1, status=StepStatus.FAILED, started_at=NOW)
    first = step("a", "completed", attempt=2, attempts=[earlier])
    first.started_at = later(9)
    second = step("b", "completed")
    second.started_at = later(3)
    run = Workflow(name="R", definition={"steps": []})
    view = run_view(Facts(run, [second, first]), NOW, {})
    assert [each.path for each in view.steps] == ["a", "b"]
    assert view.steps[0].version_before is None


def shape(entries: list[Entry]) -> list[Any]:
    return [
        (e.step.path, shape(e.inside), {turn: shape(each) for turn, each in e.turns.items()})
        for e in entries
    ]


def test_steps_lie_in_each_other() -> None:
    records: list[StepRun] = [
        step("a", "completed"),
        step("l", "completed", "loop"),
        step("l#1/p", "completed", "parallel"),
        step("l#1/p/x", "completed"),
        step("l#2/p", "running", "parallel"),
        step("c", "completed", "conditional"),
        step("c/y", "completed"),
        step("lost/z", "completed"),
    ]
    for number, record in enumerate(records):
        record.started_at = later(number)
    view = run_view(Facts(Workflow(name="R"), records), later(99), {})
    assert shape(entries_of(view.steps)) == [
        ("a", [], {}),
        ("l", [], {1: [("l#1/p", [("l#1/p/x", [], {})], {})], 2: [("l#2/p", [], {})]}),
        ("c", [("c/y", [], {})], {}),
        ("lost/z", [], {}),
    ]


def scored(*scores: tuple[str, float]) -> dict[str, Any]:
    return {"scores": [{"agent": a, "score": s, "reasons": ["why"]} for a, s in scores]}


def test_scores_stand_between_the_lowest_and_the_highest_the_chosen_first() -> None:
    shown = scores_of(scored(("A", 1), ("B", 4), ("C", 0)), "B")
    assert [(s.agent, s.score, s.share, s.is_chosen) for s in shown] == [
        ("B", "4", 1.0, True),
        ("A", "1", 0.25, False),
        ("C", "0", 0.0, False),
    ]
    assert [s.share for s in scores_of(scored(("A", -4), ("B", -1)), "B")] == [0.75, 0.0]
    assert [s.share for s in scores_of(scored(("A", 0)), "A")] == [0.0]
    assert scores_of(None, "A") == ()
    assert [s.is_chosen for s in scores_of(scored(("A", 1), ("A", 2)), "A")] == [True, False]
