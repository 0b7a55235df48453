"""Makes a new run out of another: what was done before a step is taken over, the rest runs again."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from symphony_core.errors import DefinitionError, NotPossible
from symphony_core.orchestration.checking import check_definition
from symphony_core.orchestration.step_data import step_at
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.step_run import StepRun, StepStatus, step_run_id
from symphony_core.workflow import Workflow, WorkflowStatus


def forked(
    source: Workflow,
    steps: Sequence[StepRun],
    *,
    at: str | None,
    inputs: Mapping[str, Any] | None,
    prompt: str | None,
) -> tuple[Workflow, list[StepRun]]:
    """Return a new run and the steps it takes over; see `RunControl.fork`."""
    _check_state(source, at)
    step = _step_at(source, steps, at)
    definition = WorkflowDefinition.model_validate(source.definition)
    if prompt is not None:
        definition = _with_prompt(definition, step, prompt)
    values = definition.fill_inputs({**source.inputs, **(inputs or {})})
    check_definition(definition, values.keys())
    run = Workflow(
        **source.model_dump(include=_TAKEN_OVER),
        definition=definition.to_dict(),
        inputs=values,
        forked_from=source.id,
        forked_at=at,
    )
    done = [each for each in steps if each.status == StepStatus.COMPLETED]
    began = _began(step) if step is not None else None
    kept = [each for each in done if began is None or _ended_by(each, began)]
    run.steps_done = sum(each.task_id is not None for each in kept)
    return run, [_copy(each, run.id) for each in kept]


_TAKEN_OVER = {
    "name",
    "description",
    "definition_id",
    "definition_version",
    "template",
    "purpose",
    "model",
    "limits",
    "steps_total",
}


def _check_state(source: Workflow, at: str | None) -> None:
    if source.definition is None:
        raise NotPossible(f"{source.name!r} is a group of tasks, and no run that can be repeated.")
    if not source.status.is_final and source.status != WorkflowStatus.PAUSED:
        raise NotPossible(f"The run {source.name!r} is {source.status}: cancel or pause it first.")
    if at is None and source.status == WorkflowStatus.COMPLETED:
        raise NotPossible(f"The run {source.name!r} has not failed: name the step to run it from.")


def _step_at(source: Workflow, steps: Sequence[StepRun], at: str | None) -> StepRun | None:
    if at is None:
        return None
    found = next((step for step in steps if step.path == at), None)
    if found is None:
        raise NotPossible(f"The run {source.name!r} has come to no step {at!r}.")
    return found


def _with_prompt(
    definition: WorkflowDefinition, step: StepRun | None, prompt: str
) -> WorkflowDefinition:
    steps = deepcopy(list(definition.steps))
    asking = None if step is None else step_at({"steps": steps}, step.path)
    template = (asking or {}).get("task_template")
    if template is None:
        raise DefinitionError("Only a step that asks an agent can be given another prompt.")
    template["input_data"] = {**template.get("input_data", {}), "query": prompt}
    return definition.model_copy(update={"steps": tuple(steps)})


def _began(step: StepRun) -> datetime:
    return step.attempts[0].started_at if step.attempts else step.started_at


def _ended_by(step: StepRun, moment: datetime) -> bool:
    return step.completed_at is not None and step.completed_at <= moment


def _copy(step: StepRun, run_id: str) -> StepRun:
    data = step.model_dump(exclude={"id", "run_id", "taken_over"})
    return StepRun(**data, id=step_run_id(run_id, step.path), run_id=run_id, taken_over=True)
