"""What the home page says of runs that are not over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.viewmodels.live import LiveRun, by_need, live_run
from dashboard.viewmodels.runs import run_row
from symphony_core.workflow import Workflow, WorkflowStatus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def live(status: str, *steps: dict[str, Any], held: bool = True, **fields: Any) -> LiveRun:
    run = Workflow(name="R", definition={"steps": []}, **fields)
    run.mark(WorkflowStatus(status), "'Publish' waits for an answer.")
    return live_run(run_row(run, held, NOW), run, steps)


def step(path: str, began: float = 0.0, agent: str | None = "Ada", type: str = "task") -> Any:
    name = path.rpartition("/")[2].capitalize()
    facts = {"path": path, "name": name, "type": type, "agent_name": agent}
    return {**facts, "started_at": NOW + timedelta(seconds=began)}


def test_a_running_run_names_who_does_what() -> None:
    inside = step("refine#2/feedback")
    assert live("running", step("refine", type="loop"), inside).doing == "Feedback, turn 2 (Ada)"
    assert live("running", step("mail", agent=None)).doing == "Mail"
    assert live("running").doing == "Between two steps."


def test_of_many_steps_side_by_side_the_first_are_named() -> None:
    several = [step(f"all/s{n}", -n) for n in range(4)]
    assert live("running", *several).doing == "S3 (Ada) · S2 (Ada) · 2 more steps side by side"


@pytest.mark.parametrize(
    ("status", "held", "said"),
    [
        ("pending", False, "Waits for its turn."),
        ("waiting", False, "'Publish' waits for an answer."),
        ("paused", False, "'Publish' waits for an answer."),
        ("running", False, "The worker that ran it is gone; the next one goes on with it."),
    ],
)
def test_a_run_that_does_nothing_says_why(status: str, held: bool, said: str) -> None:
    assert live(status, held=held).doing == said


def test_the_share_is_told_only_where_the_end_is_known() -> None:
    assert live("running", steps_done=1, steps_total=4).share == 0.25
    assert live("running", steps_done=3).share is None


def test_what_waits_for_somebody_stands_first() -> None:
    runs = [live("running"), live("waiting"), live("paused"), live("waiting")]
    assert by_need(runs) == [runs[1], runs[3], runs[0], runs[2]]
