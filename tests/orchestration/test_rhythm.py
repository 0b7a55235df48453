"""How a step's text grew is kept with the step, in a hundred pairs at most."""

import time

from symphony_core.execution.retry import RetryPolicy
from symphony_core.ids import utc_now
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.rhythm import MOST_PAIRS, Rhythm
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun
from tests.support.scripted import answer_with

TEXT = "one two three " * 12


class Constant(WorkflowStep, type_name="constant"):
    """Asks nobody."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Return a text."""
        return StepResult(True, {"result": "always this"})


async def row_of(registry: ServiceRegistry, step: WorkflowStep) -> StepRun:
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(WorkflowDefinition(name="w").add_step(step), {})
    found: list[StepRun] = await registry.get_repository("step_run").find_all({"run_id": run.id})
    return found[0]


def task() -> TaskStep:
    return TaskStep("Draft", {"input_data": {"query": "Write."}})


async def test_every_store_keeps_how_the_text_grew(store) -> None:
    answer_with(store, [{"reply": TEXT}], delay_s=0.06)
    row = await row_of(store, task())
    assert row.completed_at is not None
    times, sizes = zip(*row.rhythm, strict=True)
    assert len(row.rhythm) > 4
    assert list(times) == sorted(times)
    assert list(sizes) == sorted(sizes)
    assert sizes[-1] == len(row.output)
    assert all(row.output[:size].endswith("three ") for size in sizes[:-1])
    took = (row.completed_at - row.started_at).total_seconds() * 1000
    assert 60 <= times[0] < times[-1] <= took + 1


async def test_another_attempt_has_a_rhythm_of_its_own(registry) -> None:
    replies = [
        {"reply": TEXT, "error": "busy", "retryable": True, "times": 1},
        {"reply": "Short."},
    ]
    answer_with(registry, replies, delay_s=0.03)
    step = task()
    step.retry = RetryPolicy(delay_s=0)
    row = await row_of(registry, step)
    assert row.attempt == 2
    assert [size for _, size in row.rhythm] == [6, 6]


async def test_a_step_that_asks_no_model_has_none(registry) -> None:
    assert (await row_of(registry, Constant("c"))).rhythm == []


def test_a_long_text_s_rhythm_is_thinned_evenly() -> None:
    rhythm = Rhythm(utc_now())
    for size in range(1, 2001):
        time.sleep(0.001)
        pairs = rhythm.note(size)
        assert len(pairs) <= MOST_PAIRS
    pairs = rhythm.end(2000)
    assert MOST_PAIRS / 2 <= len(pairs) <= MOST_PAIRS
    gaps = [after[0] - before[0] for before, after in zip(pairs, pairs[1:], strict=False)]
    assert max(gaps[:-1]) < sum(gaps) / 10


def test_a_text_that_ends_shorter_than_it_was_written_never_shrinks() -> None:
    rhythm = Rhythm(utc_now())
    rhythm.note(8)
    assert [size for _, size in rhythm.end(5)] == [5, 5]
