"""A finished run as it is played again: statuses, texts and captions over time."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.viewmodels.replay import MOST_LETTERS, Replay, replay_of
from dashboard.viewmodels.runs import Facts, run_view
from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.execution.retry import RetryPolicy
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import RunEvent
from symphony_core.step_run import StepAttempt, StepRun, StepStatus
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.orchestration.test_engine import ask, workflow
from tests.support.scripted import answer_with

ZERO = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return ZERO + timedelta(seconds=seconds)


def named(step: Any, step_id: str) -> Any:
    step.id = step_id
    return step


def stored(registry: ServiceRegistry, name: str, run: Workflow) -> list[Any]:
    found: list[Any] = asyncio.run(registry.get_repository(name).find_all({"run_id": run.id}))
    return found


def played(registry: ServiceRegistry, *steps: WorkflowStep) -> tuple[Replay, list[RunEvent]]:
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    run = asyncio.run(engine.execute_workflow(workflow(*steps)))
    events = sorted(stored(registry, "run_event", run), key=lambda event: event.number)
    view = run_view(Facts(run, stored(registry, "step_run", run)), run.created_at, {})
    replay = replay_of(view, events)
    assert replay is not None
    return replay, events


def made(
    records: Sequence[StepRun],
    told: Sequence[tuple[float, str, str | None]],
    approvals: Sequence[Approval] = (),
    **fields: Any,
) -> Replay:
    """A replay of a run with these rows and events."""
    events = [
        RunEvent(run_id="r", number=number, type=type, path=path, at=at(seconds))
        for number, (seconds, type, path) in enumerate([(0.0, "run_started", None), *told], 1)
    ]
    run = Workflow(
        id="r",
        name="Run",
        status=WorkflowStatus.COMPLETED,
        started_at=ZERO,
        completed_at=events[-1].at,
        definition={"steps": [{"type": "task", "id": records[-1].path, "name": "x"}]},
        **fields,
    )
    view = run_view(Facts(run, records, approvals=approvals), events[-1].at, {})
    replay = replay_of(view, events)
    assert replay is not None
    return replay


def row(path: str, begin: float, end: float | None, **fields: Any) -> StepRun:
    return StepRun(
        run_id="r",
        path=path,
        step_id=path.rpartition("/")[2],
        name=path.title(),
        status=StepStatus.COMPLETED,
        started_at=at(begin),
        completed_at=None if end is None else at(end),
        **{"type": "task", "model": "scripted", **fields},
    )


def latest(pairs: Sequence[tuple[float, Any]], moment: float) -> Any:
    begun = [value for at, value in pairs if at <= moment]
    return begun[-1] if begun else None


def scenes(replay: Replay, path: str) -> list[dict[str, Any]]:
    return [scene for scene in replay.scenes if scene["path"] == path]


def said(replay: Replay) -> str:
    return "\n".join(words for _, words in replay.captions)


def test_a_real_run_shows_the_statuses_and_texts_that_are_stored(registry) -> None:
    answer_with(registry, [{"match": "", "reply": "word " * 20}], delay_s=0.1)
    both = named(ParallelStep("Both", [ask("x", "X?"), ask("y", "Y?")]), "both")
    again = named(LoopStep("Again", [ask("z", "Z?")], max_iterations=2), "again")
    replay, events = played(registry, ask("a", "A?"), both, again)
    run = replay.run
    for event in events:
        if event.path is not None:
            moment = (event.at - events[1].at).total_seconds() + 0.001
            [scene] = scenes(replay, event.path)
            status = event.type.removeprefix("step_").replace("started", "running")
            assert latest(scene["changes"], moment) == status
    for record in run.records:
        [scene] = scenes(replay, record.path)
        if record.type != "task":
            assert scene["growth"] == []
            continue
        sizes = [size for _, size in scene["growth"]]
        assert sizes == [size for _, size in record.rhythm]
        assert scene["text"] == record.output
        assert scene["start"] <= scene["growth"][0][0]
        assert scene["growth"][-1][0] <= scene["end"]
    assert {scene["node"] for scene in replay.scenes} >= {"both/x", "again", "again/z"}
    assert [words for _, words in scenes(replay, "again")[0]["words"]] == [
        "turn 1 of 2",
        "turn 2 of 2",
    ]
    assert replay.seconds == pytest.approx(run.row.duration_s, abs=0.01)
    assert replay.cuts == []
    assert "Both: 2 steps side by side" in said(replay)
    assert "Z · turn 2 starts: Assistant" in said(replay)
    assert said(replay).endswith("The run is finished")


def test_a_branch_that_was_not_taken_is_passed_by_from_the_decision_on(registry) -> None:
    inner = named(ParallelStep("Inner", [ask("n", "N?")]), "inner")
    branch = named(ConditionalStep("Good?", "True", [ask("y", "Y?")], [inner]), "good")
    replay, _ = played(registry, branch)
    [scene] = scenes(replay, "good")
    assert replay.skips == {"good/inner": [scene["start"]], "good/inner/n": [scene["start"]]}
    assert "Good?: The condition held: took the Yes branch" in said(replay)


def test_attempts_follow_each_other(registry) -> None:
    busy = {"match": "", "error": "Too busy.", "retryable": True, "times": 1}
    answer_with(registry, [busy, {"match": "", "reply": "Here."}])
    replay, _ = played(registry, ask("a", "A?", retry=RetryPolicy(max_retries=1, delay_s=0.5)))
    first, second = scenes(replay, "a")
    assert [status for _, status in first["changes"]] == ["running", "retrying"]
    assert (first["error"], first["text"]) == ("Too busy.", "")
    assert first["end"] == second["start"] > first["changes"][1][0]
    assert (second["number"], second["text"], second["error"]) == (2, "Here.", "")
    assert "A failed: Too busy" in said(replay)
    assert "A is tried again" in said(replay)


def test_a_person_who_takes_hours_is_waited_for_for_seconds() -> None:
    asked = Approval(
        run_id="r",
        path="ok",
        name="Ok",
        message="Good?",
        text="Draft",
        status=ApprovalStatus.APPROVED,
        note="Fine",
    )
    records = [
        row("a", 0, 4),
        row("ok", 4, 7805, type="approval", model=None, output="Draft", prompt=""),
        row("b", 7805, 7810),
    ]
    told = [
        (0, "step_started", "a"),
        (4, "step_completed", "a"),
        (4, "step_started", "ok"),
        (4.1, "step_waiting", "ok"),
        (4.2, "step_waiting", "ok"),
        (4.2, "run_waiting", None),
        (7804.9, "run_resumed", None),
        (7804.9, "step_started", "ok"),
        (7805, "step_completed", "ok"),
        (7805, "step_started", "b"),
        (7810, "step_completed", "b"),
        (7810, "run_completed", None),
    ]
    replay = made(records, told, [asked])
    [scene] = scenes(replay, "ok")
    assert [status for _, status in scene["changes"]] == [
        "running",
        "waiting",
        "running",
        "completed",
    ]
    assert replay.seconds == pytest.approx(4.1 + 3 + 5.1, abs=0.01)
    [(start, end, words)] = replay.cuts
    assert (round(end - start, 2), words) == (3.0, "2 h 10 min later")
    assert scene["growth"] == [(4.1, 5)]
    assert (scene["prompt"], scene["decision"]) == ("Good?", "Approved: Fine")
    assert scenes(replay, "b")[0]["took"] == "5.0 s"
    for words in ("Ok waits for a person", "2 h 10 min later", "Ok: Approved: Fine"):
        assert words in said(replay)


def test_a_crash_is_told_and_the_lost_time_shortened() -> None:
    lost = StepAttempt(number=1, status=StepStatus.RUNNING, started_at=at(1))
    record = row("a", 120, 124, attempt=2, attempts=[lost], output="Text")
    told = [
        (1, "step_started", "a"),
        (119.9, "run_resumed", None),
        (120, "step_started", "a"),
        (124, "step_completed", "a"),
        (124, "run_completed", None),
    ]
    replay = made([record], told)
    first, second = scenes(replay, "a")
    assert [status for _, status in first["changes"]] == ["running", "interrupted"]
    assert first["end"] == second["start"]
    assert replay.seconds == pytest.approx(3 + 4, abs=0.01)
    assert "A begins again: it was interrupted" in said(replay)


def test_older_runs_grow_evenly_and_steps_that_ask_no_model_at_once() -> None:
    records = [row("a", 0, 2, output="abcd"), row("f", 2, 3, model=None, output="xy")]
    told = [(0, "step_started", "a"), (2, "step_completed", "a")]
    told += [(2, "step_started", "f"), (3, "step_completed", "f")]
    replay = made(records, told)
    assert scenes(replay, "a")[0]["growth"] == [(0, 0), (2, 4)]
    assert scenes(replay, "f")[0]["growth"] == [(3, 2)]


def test_what_was_taken_over_is_there_from_the_start() -> None:
    records = [row("a", -500, -400, taken_over=True, output="Old"), row("b", 0, 1)]
    replay = made(records, [(0, "step_started", "b"), (1, "step_completed", "b")])
    [scene] = scenes(replay, "a")
    assert (scene["changes"], scene["growth"]) == ([(0, "completed")], [(0, 3)])
    assert scene["takenOver"]
    assert "A" not in said(replay)


def test_lengths_are_javascript_s_and_very_long_texts_cut() -> None:
    emoji = row("a", 0, 1, output="a😀b", rhythm=[(500, 2), (900, 3)])
    long = row("b", 1, 2, output="x" * 300_000, rhythm=[(100, 5), (500, 250_000), (900, 300_000)])
    told = [(0, "step_started", "a"), (1, "step_completed", "a")]
    told += [(1, "step_started", "b"), (2, "step_completed", "b")]
    replay = made([emoji, long], told)
    assert scenes(replay, "a")[0]["growth"] == [(0.5, 3), (0.9, 4)]
    [scene] = scenes(replay, "b")
    assert scene["text"].endswith("[cut here: 300,000 characters in all]")
    assert len(scene["text"]) < MOST_LETTERS + 100
    assert [size for _, size in scene["growth"]] == [5, MOST_LETTERS, len(scene["text"])]


def test_what_is_not_over_or_was_never_begun_cannot_be_played() -> None:
    for run in (
        Workflow(name="r", status=WorkflowStatus.RUNNING, definition={}),
        Workflow(name="r", status=WorkflowStatus.CANCELLED, definition={}),
    ):
        assert replay_of(run_view(Facts(run), ZERO, {}), []) is None
