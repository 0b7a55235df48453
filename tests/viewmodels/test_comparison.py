"""Two runs side by side."""

from typing import Any

from dashboard.viewmodels.comparison import Comparison, compare
from dashboard.viewmodels.runs import Facts, RunView, run_view
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.viewmodels.test_runs import NOW, later, step


def run(*records: StepRun, name: str = "R", status: str = "completed", **fields: Any) -> RunView:
    """A run with steps, each a second after the one before."""
    for number, record in enumerate(records):
        record.started_at = later(number)
    last = records[-1].path.split("/")[0] if records else "x"
    made = Workflow(name=name, definition={"steps": [{"id": last}]}, started_at=NOW, **fields)
    made.mark(WorkflowStatus(status))
    return run_view(Facts(made, records, is_held=True), later(60), {})


def did(path: str, output: str = "", name: str | None = None, **fields: Any) -> StepRun:
    record = step(path, "completed", output=output, **fields)
    record.name = name or record.step_id
    return record


def aligned(found: Comparison) -> list[tuple[str | None, str | None, str]]:
    return [(s.a and s.a.path, s.b and s.b.path, s.verdict) for s in found.steps]


def test_steps_of_the_same_path_stand_side_by_side() -> None:
    found = compare(run(did("a", "1"), did("b", "2")), run(did("a", "1"), did("b", "3")))
    assert aligned(found) == [("a", "a", "same"), ("b", "b", "differs")]
    assert found.path == []
    assert found.remark is None
    assert (found.result.a, found.result.b, found.result.is_same) == ("2", "3", False)


def test_steps_of_two_starts_of_a_template_meet_by_their_names() -> None:
    one = run(did("i1", name="Draft"), did("l1", name="Loop"), did("l1#1/x1", name="Better"))
    other = run(did("i2", name="Draft"), did("l2", name="Loop"), did("l2#1/x2", name="Better"))
    assert aligned(compare(one, other)) == [
        ("i1", "i2", "same"),
        ("l1", "l2", "same"),
        ("l1#1/x1", "l2#1/x2", "same"),
    ]


def test_steps_of_one_name_meet_in_their_order() -> None:
    one = run(did("a1", "1", "Ask"), did("a2", "2", "Ask"))
    other = run(did("b1", "1", "Ask"), did("b2", "2", "Ask"), did("b3", "3", "Ask"))
    assert aligned(compare(one, other)) == [
        ("a1", "b1", "same"),
        ("a2", "b2", "same"),
        (None, "b3", "only b"),
    ]


def test_a_step_of_one_run_only_stands_where_it_came_and_is_told() -> None:
    found = compare(
        run(did("a"), did("gone"), did("z")), run(did("new"), did("a"), did("more"), did("z"))
    )
    assert aligned(found) == [
        (None, "new", "only b"),
        ("a", "a", "same"),
        (None, "more", "only b"),
        ("gone", None, "only a"),
        ("z", "z", "same"),
    ]
    assert found.path == [
        "Only A went through gone.",
        "Only B went through new, more.",
    ]


def test_another_branch_and_another_number_of_turns_are_told() -> None:
    yes = did("if", result={"branch_taken": "if", "condition_result": True})
    no = did("if", result={"branch_taken": "else", "condition_result": False})
    [said] = compare(run(yes), run(no)).path
    assert "A: The condition held: took the Yes branch." in said
    assert "B: The condition did not hold: took the No branch." in said


def test_only_some_of_many_steps_are_named() -> None:
    [said] = compare(run(*(did(f"s{i}") for i in range(30))), run()).path
    assert said.endswith("s11 and 18 more steps.")


def test_runs_of_different_workflows_say_so() -> None:
    both = compare(run(did("a", name="Draft"), name="One"), run(did("b", name="Draft"), name="Two"))
    assert "different workflows" in (both.remark or "")
    assert aligned(both) == [("a", "b", "same")]
    nothing = compare(run(did("a"), name="One"), run(did("b"), name="Two"))
    assert "no step in common" in (nothing.remark or "")


def test_figures_tell_how_far_apart_they_are() -> None:
    one = run(model_calls=2, input_tokens=100, cost=None, completed_at=None)
    other = run(model_calls=3, input_tokens=50, cost=0.5)
    told = {row.name: (row.a, row.b, row.difference) for row in compare(one, other).figures}
    assert told["Model calls"] == ("2", "3", "+1 (+50%)")
    assert told["Tokens"] == ("100", "50", "−50 (−50%)")
    assert told["Cost"] == ("unknown", "$0.50", "–")
    assert told["Steps done"] == ("0", "0", "same")


def test_what_was_free_and_now_costs_has_no_share() -> None:
    rows = {row.name: row.difference for row in compare(run(), run(cost=0.02)).figures}
    assert rows["Cost"] == "+$0.0200"


def test_inputs_and_prompts_are_paired_by_name() -> None:
    one = run(did("a", prompt="P1", instructions="I"), inputs={"topic": "x", "deep": [1]})
    other = run(did("a", prompt="P2", instructions="I"), inputs={"topic": "y", "more": 2})
    found = compare(one, other)
    assert [(p.name, p.a, p.b) for p in found.inputs] == [
        ("topic", "x", "y"),
        ("deep", "[1]", None),
        ("more", None, "2"),
    ]
    [pair] = found.steps
    assert [(p.name, p.is_same) for p in pair.prompts] == [
        ("Instructions", True),
        ("Prompt", False),
    ]
    assert pair.answer.is_empty


def test_empty_and_live_runs_can_be_compared() -> None:
    found = compare(run(status="running"), run(did("a")))
    assert not found.is_over
    assert aligned(found) == [(None, "a", "only b")]
    assert compare(run(), run()).steps == []
