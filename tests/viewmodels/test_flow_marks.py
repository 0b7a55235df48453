"""How the steps of a run stand in the drawing of its workflow."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.viewmodels.flow import Mark, marks_of
from dashboard.viewmodels.steps import Around, StepView, step_view
from symphony_core.step_run import StepRun, StepStatus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def seen(path: str, status: str = "completed", type: str = "task", **fields: Any) -> StepView:
    ended = NOW + timedelta(seconds=12) if status == "completed" else None
    record = StepRun(
        run_id="r",
        path=path,
        step_id=path.split("/")[-1],
        name=path,
        type=type,
        status=StepStatus(status),
        started_at=NOW,
        completed_at=ended,
        **fields,
    )
    return step_view(record, Around("running", NOW + timedelta(seconds=3)))


def a(step_id: str, type: str = "task", **fields: Any) -> dict[str, Any]:
    return {"id": step_id, "type": type, **fields}


def marks(steps: list[dict[str, Any]], *views: StepView) -> dict[str, Mark]:
    return marks_of({"steps": steps}, views)


def test_what_has_not_begun_has_no_mark() -> None:
    found = marks([a("a"), a("b"), a("c")], seen("a"), seen("b", "running"))
    assert found == {"a": Mark("completed", "12 s", False), "b": Mark("running", "3.0 s", True)}


def test_a_loop_tells_its_turn_and_its_steps_stand_as_in_their_newest() -> None:
    loop = a("loop", "loop", steps=[a("x"), a("y")], max_iterations=3)
    views = [
        seen("loop", "running", "loop"),
        seen("loop#1/x"),
        seen("loop#1/y"),
        seen("loop#2/x", "running"),
    ]
    found = marks([loop], *views)
    assert found["loop"] == Mark("running", "turn 2 of 3 · 3.0 s", True)
    assert found["loop/x"] == Mark("running", "turn 2 · 3.0 s", True)
    assert found["loop/y"] == Mark("completed", "turn 1 · 12 s", False)


def test_steps_side_by_side_are_counted() -> None:
    both = a("both", "parallel", steps=[a("x"), a("y")])
    found = marks([both], seen("both", "running", "parallel"), seen("both/x"))
    assert found["both"].detail == "1 of 2 done · 3.0 s"
    assert "both/y" not in found


def test_the_way_not_taken_is_skipped_with_all_that_lies_in_it() -> None:
    inner = a("both", "parallel", steps=[a("x")])
    choice = a("if", "conditional", if_branch=[a("yes")], else_branch=[inner])
    deciding = marks([choice], seen("if", "running", "conditional"))
    assert set(deciding) == {"if"}
    found = marks([choice], seen("if", "running", "conditional"), seen("if/yes", "running"))
    assert {node: mark.status for node, mark in found.items()} == {
        "if": "running",
        "if/yes": "running",
        "if/both": "skipped",
        "if/both/x": "skipped",
    }


def test_in_a_loop_the_way_of_the_newest_turn_counts() -> None:
    choice = a("if", "conditional", if_branch=a("yes"), else_branch=a("no"))
    views = [
        seen("loop", "running", "loop"),
        seen("loop#1/if", type="conditional"),
        seen("loop#1/if/yes"),
        seen("loop#2/if", type="conditional"),
        seen("loop#2/if/no"),
    ]
    found = marks([a("loop", "loop", steps=[choice])], *views)
    assert (found["loop/if/yes"].status, found["loop/if/no"].status) == ("skipped", "completed")


def test_what_an_earlier_run_did_says_so() -> None:
    assert marks([a("a")], seen("a", taken_over=True))["a"].detail == "taken over"
