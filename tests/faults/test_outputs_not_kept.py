"""A result that cannot be kept fails its step in words, and harms nothing before it."""

import pytest

from symphony_core.orchestration.step import WorkflowStep
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.step_run import StepRun
from tests.support.odd_steps import OUTPUTS, LeavingStep, OutputStep
from tests.support.tale import ask, named, workflow


@pytest.mark.parametrize("step_type", [OutputStep, LeavingStep])
@pytest.mark.parametrize("kind", OUTPUTS)
async def test_a_value_that_is_no_plain_data_fails_its_step(
    kind: str, step_type: type[OutputStep | LeavingStep]
) -> None:
    registry = open_registry()
    before = ask("before", "?")
    before.agent_id = "assistant"
    odd: WorkflowStep = named(step_type("Odd", kind), "odd")
    run = await registry.get_service("workflow_engine").execute_workflow(workflow(before, odd))
    stored = await registry.get_repository("workflow").find_by_id(run.id)
    assert stored.status == run.status == "failed"
    assert stored.error.startswith("Step 'Odd' failed: It left a value that is not plain data")
    found = await registry.get_repository("step_run").find_all({"run_id": run.id})
    rows: dict[str, StepRun] = {row.path: row for row in found}
    assert rows["odd"].status == "failed"
    assert rows["odd"].error
    assert rows["odd"].error in stored.error
    assert rows["before"].status == "completed"
    assert rows["before"].output
    assert stored.metadata["context"]["step.before.result"] == rows["before"].output
