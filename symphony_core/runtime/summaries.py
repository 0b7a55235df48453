"""Runs as plain data for other programs: what the command line prints as JSON."""

from typing import Any

from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow

_RUN_FIELDS = {
    "id",
    "name",
    "status",
    "error",
    "waits_for",
    "forked_from",
    "forked_at",
    "limits",
    "model_calls",
    "template",
    "inputs",
    "model",
    "input_tokens",
    "output_tokens",
    "cost",
    "created_at",
    "started_at",
    "completed_at",
}
_STEP_FIELDS = {
    "path",
    "name",
    "type",
    "status",
    "attempt",
    "attempts",
    "taken_over",
    "agent_id",
    "agent_name",
    "model",
    "prompt",
    "output",
    "error",
    "input_tokens",
    "output_tokens",
    "cost",
    "started_at",
    "completed_at",
}


def summarise(run: Workflow) -> dict[str, Any]:
    """Return a run without its steps and its context."""
    return run.model_dump(mode="json", include=_RUN_FIELDS)


async def report(registry: ServiceRegistry, run: Workflow) -> dict[str, Any]:
    """Return a run with its steps in the order they started, its result and its context."""
    steps = await steps_of(registry, run.id)
    return {
        **summarise(run),
        "result": result_of(run, steps),
        "steps": [step.model_dump(mode="json", include=_STEP_FIELDS) for step in steps],
        "context": run.metadata.get("context", {}),
    }


async def steps_of(registry: ServiceRegistry, run_id: str) -> list[StepRun]:
    """Return a run's steps in the order they started."""
    steps: list[StepRun] = await registry.get_repository("step_run").find_all({"run_id": run_id})
    return sorted(steps, key=lambda step: (step.started_at, step.path))


def result_of(run: Workflow, steps: list[StepRun]) -> str | None:
    """Return the text that the whole run came to: its last step's; None if it is not complete."""
    if run.status != "completed" or run.definition is None or not run.definition["steps"]:
        return None
    last = run.definition["steps"][-1]["id"]
    return next((step.output for step in steps if step.path == last), None)
