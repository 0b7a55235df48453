"""A run's steps as bars over time."""

from datetime import UTC, datetime, timedelta

from dashboard.theme import STATUS
from dashboard.viewmodels.timeline import bars_of, figure_data, parallel_gain
from symphony_core.step_run import StepAttempt, StepRun, StepStatus

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def step(path: str, begin: float, end: float | None, type: str = "task") -> StepRun:
    return StepRun(
        run_id="r",
        path=path,
        step_id=path.split("/")[-1],
        name=path.split("/")[-1].title(),
        type=type,
        status=StepStatus.RUNNING if end is None else StepStatus.COMPLETED,
        started_at=START + timedelta(seconds=begin),
        completed_at=None if end is None else START + timedelta(seconds=end),
    )


def test_every_step_without_steps_inside_has_a_bar() -> None:
    steps = [step("both", 1, 6, "parallel"), step("both/a", 1, 4), step("both/b", 1, 6)]
    assert [bar.path for bar in bars_of([*steps, step("first", 0, 1)])] == [
        "first",
        "both/a",
        "both/b",
    ]


def test_the_turns_of_a_loop_share_their_steps_lane() -> None:
    steps = [step("l", 0, 4, "loop"), step("l#1/x", 0, 1), step("l#2/x", 2, 3)]
    bars = bars_of(steps)
    assert {bar.lane for bar in bars} == {"l/x"}
    assert [bar.detail for bar in bars] == ["turn 1", "turn 2"]


def test_every_attempt_has_a_bar_and_what_was_taken_over_has_none() -> None:
    record = step("a", 4, None)
    record.attempt = 3
    record.attempts = [
        StepAttempt(number=1, status="failed", started_at=START, completed_at=record.started_at),
        StepAttempt(number=2, status="cancelled", started_at=START + timedelta(seconds=2)),
    ]
    earlier = step("b", 0, 1)
    earlier.taken_over = True
    bars = bars_of([record, earlier], {"a": "interrupted"})
    assert [(bar.status, bar.detail, bar.end) for bar in bars] == [
        ("failed", "attempt 1", record.started_at),
        ("cancelled", "attempt 2", record.started_at),
        ("interrupted", "attempt 3", None),
    ]


def test_a_paused_step_takes_no_time() -> None:
    record = step("a", 1, None)
    record.status = StepStatus.PAUSED
    [bar] = bars_of([record])
    assert bar.end == bar.start


def test_a_running_bar_ends_now() -> None:
    words = {status: look.word for status, look in STATUS.items()}
    colours = {status: look.colour for status, look in STATUS.items()}
    now = START + timedelta(seconds=10)
    data = figure_data(bars_of([step("a", 0, 2), step("b", 2, None)]), words, colours, now)
    assert data["lanes"] == ["A", "B"]
    assert [(bar["from"], bar["seconds"], bar["live"]) for bar in data["bars"]] == [
        (0.0, 2.0, False),
        (2.0, 8.0, True),
    ]
    assert data["bars"][1]["hover"] == "B: Running, task"


def test_what_running_side_by_side_has_saved_is_told_when_it_is_over() -> None:
    inside = [step("both/a", 0, 5), step("both/b", 0, 4), step("both/c", 0, 3)]
    done = [step("both", 0, 5, "parallel"), *inside]
    assert parallel_gain(done, START) == "Both: 3 steps side by side saved 7.0 s"
    assert parallel_gain([step("both", 0, None, "parallel"), *inside], START) is None
    quick = [step("both", 0, 1, "parallel"), step("both/a", 0, 1), step("both/b", 0, 0.5)]
    assert parallel_gain(quick, START) is None
