"""Runs, their steps, limits and questions as the pages show them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.theme import STATUS
from dashboard.viewmodels.forks import taken_over_in_words
from dashboard.viewmodels.limits import check_room, in_words, raised, used_in_words
from dashboard.viewmodels.questions import questions_of
from dashboard.viewmodels.runs import Facts, RunView, run_view
from dashboard.viewmodels.steps import Around, step_view
from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.errors import NotPossible
from symphony_core.run_lease import RunRequest
from symphony_core.step_run import StepAttempt, StepRun, StepStatus
from symphony_core.workflow import RunLimits, Workflow, WorkflowStatus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def step(path: str, status: str, type: str = "task", **fields: Any) -> StepRun:
    return StepRun(
        run_id="r",
        path=path,
        step_id=path.split("/")[-1],
        name=path,
        type=type,
        status=StepStatus(status),
        started_at=NOW,
        **fields,
    )


def question(path: str = "ask", **fields: Any) -> Approval:
    return Approval(run_id="r", path=path, name="Ask", text="Text", created_at=NOW, **fields)


def view(status: str, *, held: bool = True, **facts: Any) -> RunView:
    run = Workflow(name="R", definition={"steps": []}, started_at=NOW)
    run.mark(WorkflowStatus(status), "It has reached its limit." if status == "paused" else None)
    return run_view(Facts(run, is_held=held, **facts), NOW, {})


def test_every_status_has_a_look() -> None:
    shown = {*WorkflowStatus, *StepStatus, "interrupted", "retrying"}
    assert shown <= set(STATUS)
    assert len({look.word for look in STATUS.values()}) == len(STATUS)


@pytest.mark.parametrize(
    ("status", "is_live", "is_over"),
    [
        ("pending", True, False),
        ("running", True, False),
        ("waiting", False, False),
        ("paused", False, False),
        ("failed", False, True),
    ],
)
def test_what_changes_by_itself_and_what_is_over(status: str, is_live: bool, is_over: bool) -> None:
    row = view(status).row
    assert (row.is_live, row.is_over) == (is_live, is_over)


def test_what_was_asked_of_a_run_is_told_until_it_has_come() -> None:
    request = RunRequest(id="r", run_id="r", pause_at=NOW)
    assert view("running", request=request).is_pausing
    assert not view("paused", request=request).is_pausing
    assert view("running", request=RunRequest(id="r", run_id="r", cancel_at=NOW)).is_cancelling
    assert view("running").stance != view("running", request=request).stance


def test_a_question_of_a_run_that_is_over_is_none() -> None:
    assert view("waiting", approvals=[question()]).questions
    assert view("cancelled", approvals=[question()]).questions == []
    assert view("waiting", approvals=[question(status=ApprovalStatus.APPROVED)]).questions == []


def test_a_step_between_two_attempts_is_tried_again_only_while_somebody_runs_it() -> None:
    record = step("a", "failed", attempt=2, completed_at=later(1), retry_at=later(13))
    shown = step_view(record, Around("running", later(1)))
    assert (shown.status, shown.retry_in_s) == ("retrying", 12.0)
    assert step_view(record, Around("interrupted", NOW)).status == "interrupted"
    assert step_view(record, Around("cancelled", NOW)).status == "failed"


def test_earlier_attempts_are_told_with_their_errors() -> None:
    first = StepAttempt(
        number=1, status=StepStatus.FAILED, error="Busy.", started_at=NOW, completed_at=later(2)
    )
    left = StepAttempt(number=2, status=StepStatus.CANCELLED, started_at=NOW)
    shown = step_view(step("a", "running", attempt=3, attempts=[first, left]), Around("", NOW))
    assert [(a.number, a.error, a.duration_s) for a in shown.attempts] == [
        (1, "Busy.", 2.0),
        (2, None, None),
    ]


def test_an_answered_step_and_the_loop_around_it_wait_for_nobody() -> None:
    open_one, answered = question("l#1/ask"), question("l#1/ask", status=ApprovalStatus.APPROVED)
    for record in (step("l", "waiting", "loop"), step("l#1/ask", "waiting", "approval")):
        waiting = Around("waiting", NOW, approvals={"l#1/ask": open_one})
        assert step_view(record, waiting).status == "waiting"
        queued = Around("pending", NOW, approvals={"l#1/ask": answered})
        assert step_view(record, queued).status == "pending"


def test_a_paused_step_stands_still_until_its_run_is_resumed() -> None:
    record = step("a", "paused")
    shown = step_view(record, Around("paused", later(3600)))
    assert (shown.status, shown.duration_s) == ("paused", None)
    assert step_view(record, Around("pending", NOW)).status == "pending"


def test_an_answer_is_known_from_the_question_or_from_the_step_alone() -> None:
    asked = question(status=ApprovalStatus.REJECTED, note="Too long", message="Good?")
    shown = step_view(step("ask", "failed", "approval"), Around("", NOW, approvals={"ask": asked}))
    assert (shown.message, shown.output, shown.decision) == ("Good?", "Text", "Rejected: Too long")
    result = {"decision": "edited", "note": ""}
    taken_over = step("ask", "completed", "approval", result=result, taken_over=True)
    assert step_view(taken_over, Around("", NOW)).decision == "Approved with changes"


def test_a_question_says_how_long_it_waits_and_what_a_rejection_does() -> None:
    definition = {
        "steps": [
            {"id": "l", "type": "loop", "steps": [{"id": "soft", "on_reject": "continue"}]},
            {"id": "hard"},
        ]
    }
    questions = [
        question("l#2/soft", message="Text", expires_at=later(90)),
        question("hard", expires_at=later(-1)),
    ]
    soft, hard = questions_of(questions, definition, NOW)[::-1]
    assert (soft.turn, soft.message) == (2, "")
    assert "another 1 min 30 s" in soft.until
    assert "goes on" in soft.after_rejection
    assert hard.is_overdue
    assert "ends as failed" in hard.after_rejection


def test_limits_are_told_with_what_was_used_of_them() -> None:
    limits = RunLimits(model_calls=20, tokens=1, cost=1.5, seconds=600)
    run = Workflow(name="R", limits=limits, model_calls=4, input_tokens=1200, cost=0.0123)
    assert used_in_words(run) == [
        "4 of 20 model calls",
        "1,200 of 1 token",
        "$0.0123 of $1.50",
        "0.0 s of 10 min 00 s at most",
    ]
    assert used_in_words(Workflow(name="R")) == []


def test_limits_are_told_in_one_line() -> None:
    limits = RunLimits(model_calls=1, tokens=2000, cost=1.5, seconds=600)
    assert in_words(limits) == "1 model call, 2,000 tokens, $1.50 and 10 min 00 s"
    assert in_words(RunLimits(seconds=5)) == "5.0 s"
    assert in_words(RunLimits()) == ""


def test_a_raised_limit_leaves_room() -> None:
    limits = RunLimits(model_calls=2, tokens=100, cost=0.5, seconds=60)
    run = Workflow(name="R", limits=limits, model_calls=2, input_tokens=450, cost=0.1)
    better = raised(run)
    assert better == RunLimits(model_calls=4, tokens=800, cost=0.5, seconds=60)
    check_room(run, better)
    check_room(run, RunLimits())
    with pytest.raises(NotPossible, match="2 model calls and 450 tokens already"):
        check_room(run, limits)


def test_what_is_taken_over_is_counted_without_groups() -> None:
    steps = [step("a", "completed"), step("l", "completed", "loop")]
    assert taken_over_in_words(steps).startswith("1 step is taken over")
    assert taken_over_in_words([*steps, step("b", "completed")]).startswith("2 steps are")
    assert taken_over_in_words(steps[1:]).startswith("Nothing is taken over")
