"""What the steps of a drawn workflow say of a run of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.viewmodels.flow import Mark, flow_of, marks_of
from dashboard.viewmodels.runs import Facts, run_view
from dashboard.viewmodels.steps import Around, StepView, step_view
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun, StepStatus
from tests.orchestration.test_engine import ask, workflow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def task(id: str) -> dict[str, Any]:
    return {"type": "task", "id": id, "name": id}


def group(kind: str, id: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": id, "name": id, "steps": list(steps), **more}


def choice(id: str, yes: list[dict[str, Any]], no: list[dict[str, Any]]) -> dict[str, Any]:
    ways = {"if_branch": yes, "else_branch": no, "condition": "True"}
    return {"type": "conditional", "id": id, "name": id, **ways}


def view(path: str, status: str, seconds: float = 2, **fields: Any) -> StepView:
    ended = None if status in ("running", "waiting", "paused") else NOW
    record = StepRun(
        run_id="r",
        path=path,
        step_id=path.split("/")[-1],
        name=path,
        type="task",
        status=StepStatus(status),
        started_at=NOW - timedelta(seconds=seconds),
        completed_at=ended,
        **fields,
    )
    return step_view(record, Around("running", NOW))


def marks(steps: list[dict[str, Any]], *views: StepView, run: str = "running") -> dict[str, Mark]:
    return marks_of({"steps": steps}, views, run)


def words(given: dict[str, Mark]) -> dict[str, tuple[str, str]]:
    return {node: (mark.status, mark.detail) for node, mark in given.items()}


def test_steps_say_how_they_stand_and_how_long_they_take() -> None:
    steps = [task("a"), task("b"), task("c")]
    found = marks(steps, view("a", "completed", 12), view("b", "running", 3))
    assert found == {
        "a": Mark("completed", "12 s", is_live=False),
        "b": Mark("running", "3.0 s", is_live=True),
    }


def test_nothing_is_live_in_a_run_that_is_over() -> None:
    [mark] = marks([task("a")], view("a", "running"), run="cancelled").values()
    assert not mark.is_live


def test_a_step_that_waits_to_be_tried_again_says_when() -> None:
    failed = view("a", "failed", retry_at=NOW + timedelta(seconds=4))
    assert marks([task("a")], failed) == {"a": Mark("retrying", "in 4.0 s", is_live=True)}


def test_what_another_run_did_says_so() -> None:
    done = view("a", "completed", taken_over=True)
    assert words(marks([task("a")], done)) == {"a": ("completed", "taken over")}


def test_a_step_in_a_loop_shows_its_latest_turn() -> None:
    steps = [group("loop", "l", task("x"), task("y"), max_iterations=12)]
    views = [view("l", "running")]
    views += [view(f"l#{n}/{id}", "completed") for id in "xy" for n in range(1, 11)]
    views.append(view("l#11/x", "running"))
    assert words(marks(steps, *reversed(views))) == {
        "l": ("running", "turn 11 of 12"),
        "l/x": ("running", "turn 11, 2.0 s"),
        "l/y": ("completed", "turn 10, 2.0 s"),
    }


def test_a_loop_that_has_ended_counts_its_turns() -> None:
    steps = [group("loop", "l", task("x"), max_iterations=3)]
    done = [view("l", "completed"), view("l#1/x", "completed"), view("l#2/x", "completed")]
    assert words(marks(steps, *done, run="completed"))["l"] == ("completed", "2 turns")
    failed = [view("l", "failed"), view("l#1/x", "completed"), view("l#2/x", "failed")]
    assert words(marks(steps, *failed, run="failed"))["l"] == ("failed", "turn 2 of 3")


def test_a_loop_in_a_loop_counts_the_turns_of_its_own_latest_turn() -> None:
    steps = [group("loop", "o", group("loop", "i", task("x"), max_iterations=4), max_iterations=5)]
    views = [view("o", "running"), view("o#1/i", "completed"), view("o#2/i", "running")]
    views += [view(f"o#1/i#{n}/x", "completed") for n in (1, 2, 3)]
    views.append(view("o#2/i#1/x", "running"))
    assert words(marks(steps, *views)) == {
        "o": ("running", "turn 2 of 5"),
        "o/i": ("running", "turn 2, turn 1 of 4"),
        "o/i/x": ("running", "turn 1, 2.0 s"),
    }


def test_parallel_steps_count_those_that_are_done() -> None:
    steps = [group("parallel", "p", task("x"), task("y"), task("z"))]
    inside = [view("p/x", "completed"), view("p/y", "completed"), view("p/z", "running")]
    assert words(marks(steps, view("p", "running"), *inside))["p"] == ("running", "2 of 3 done")
    assert words(marks(steps, view("p", "completed")))["p"] == ("completed", "2.0 s")


def test_the_way_not_taken_is_skipped_with_all_it_holds() -> None:
    no = [group("parallel", "p", task("x"), choice("d", [task("y")], []))]
    steps = [choice("c", [task("a"), task("b")], no)]
    found = marks(steps, view("c", "running"), view("c/a", "running"))
    assert words(found) == {
        "c": ("running", "Yes"),
        "c/a": ("running", "2.0 s"),
        **dict.fromkeys(["c/p", "c/p/x", "c/p/d", "c/p/d/y"], ("skipped", "")),
    }


def test_an_empty_way_can_be_the_one_taken() -> None:
    steps = [choice("c", [task("a")], [])]
    assert words(marks(steps, view("c", "running"))) == {"c": ("running", "")}
    assert words(marks(steps, view("c", "completed"))) == {
        "c": ("completed", "No"),
        "c/a": ("skipped", ""),
    }


def test_a_way_taken_in_an_earlier_turn_is_not_skipped() -> None:
    steps = [group("loop", "l", choice("c", [task("a")], [task("b")]))]
    views = [view("l", "running"), view("l#1/c", "completed"), view("l#1/c/a", "completed")]
    views += [view("l#2/c", "completed"), view("l#2/c/b", "completed")]
    assert words(marks(steps, *views)) == {
        "l": ("running", "turn 2 of 10"),
        "l/c": ("completed", "turn 2, No"),
        "l/c/a": ("completed", "turn 1, 2.0 s"),
        "l/c/b": ("completed", "turn 2, 2.0 s"),
    }


def test_a_run_that_really_ran_is_marked_as_it_went(registry: ServiceRegistry) -> None:
    def named(step: WorkflowStep, id: str) -> Any:
        step.id = id
        return step

    decision = ConditionalStep("Choice", "1 > 2", ask("yes", "Y?"), ask("no", "N?"))
    lanes = ParallelStep("Lanes", [ask("x", "X?"), ask("y", "Y?")])
    broken = ConditionalStep("Broken", "topic > 2", ask("never", "?"))
    steps = [
        named(LoopStep("Loop", [named(decision, "c")], max_iterations=2), "l"),
        named(lanes, "p"),
        named(broken, "b"),
        ask("after", "A?"),
    ]
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    run = asyncio.run(engine.execute_workflow(workflow(*steps), initial_context={"topic": "sea"}))
    records = asyncio.run(registry.get_repository("step_run").find_all({"run_id": run.id}))
    seen = run_view(Facts(run, records), NOW, {})
    assert seen.definition is not None
    found = marks_of(seen.definition, seen.steps, seen.row.status)
    assert {node: mark.status for node, mark in found.items()} == {
        "l": "completed",
        "l/c": "completed",
        "l/c/yes": "skipped",
        "l/c/no": "completed",
        "p": "completed",
        "p/x": "completed",
        "p/y": "completed",
        "b": "failed",
    }
    assert (found["l"].detail, found["l/c"].detail) == ("2 turns", "turn 2, No")
    nodes = {node.id for node in flow_of(seen.definition["steps"]).nodes}
    assert nodes - set(found) == {"b/never", "after"}
