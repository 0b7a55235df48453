"""Run steps side by side."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Self

from symphony_core.errors import DefinitionError
from symphony_core.orchestration.context import WorkflowContext, failure
from symphony_core.orchestration.step import StepResult, WorkflowStep, load_step
from symphony_core.orchestration.suspension import RunSuspended


class ParallelStep(WorkflowStep, type_name="parallel"):
    """Runs its steps at once, at most `max_concurrency` at a time; all must succeed.

    None sees what another leaves. The rest goes on when one fails or has to wait, so that it need
    not be repeated later. Leaves `step.ID.results`, a list in the steps' order, and the texts one after
    the other as `.result`.
    """

    arranges = True

    def __init__(
        self,
        name: str,
        steps: Sequence[WorkflowStep],
        max_concurrency: int = 5,
        description: str = "",
    ) -> None:
        super().__init__(name, description)
        if not isinstance(max_concurrency, int) or max_concurrency < 1:
            raise DefinitionError(f"The step {name!r}: max_concurrency is a whole number from 1.")
        self.steps = tuple(steps)
        self.max_concurrency = max_concurrency

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Run all steps, each seeing the context as it was before."""
        gate = asyncio.Semaphore(self.max_concurrency)
        branches = [context.create_sub_context() for _ in self.steps]

        async def run(step: WorkflowStep, branch: WorkflowContext) -> StepResult:
            async with gate:
                return await branch.run_step(step)

        outcomes = await asyncio.gather(*map(run, self.steps, branches), return_exceptions=True)
        results = _settled(outcomes)
        failed = [failure(s, r) for s, r in zip(self.steps, results, strict=True) if not r.success]
        if failed:
            return StepResult(False, error="; ".join(failed))
        for branch in branches:
            context.update(branch.changes)
        rows = [_row(step, result) for step, result in zip(self.steps, results, strict=True)]
        text = "\n\n".join(row["result"] for row in rows)
        context.set(f"step.{self.id}.name", self.name)
        context.set(f"step.{self.id}.results", rows)
        context.set(f"step.{self.id}.result", text)
        return StepResult(True, {"result": text, "results": rows})

    def children(self) -> Sequence[WorkflowStep]:
        """Return the steps."""
        return self.steps

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        return {
            **super().to_dict(),
            "steps": [step.to_dict() for step in self.steps],
            "max_concurrency": self.max_concurrency,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data."""
        return cls(
            name=data["name"],
            steps=[load_step(item) for item in data["steps"]],
            max_concurrency=data.get("max_concurrency", 5),
            description=data.get("description", ""),
        )


def _settled(outcomes: Sequence[StepResult | BaseException]) -> list[StepResult]:
    """Return the results if all steps have one; what stopped one of them stops the whole."""
    stops = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    waits = [stop for stop in stops if isinstance(stop, RunSuspended)]
    for stop in (*(stop for stop in stops if stop not in waits), *waits):
        raise stop
    return [outcome for outcome in outcomes if isinstance(outcome, StepResult)]


def _row(step: WorkflowStep, result: StepResult) -> dict[str, Any]:
    row = {"id": step.id, "name": step.name, "result": result.text}
    agent_id = result.output.get("agent_id")
    return row if agent_id is None else {**row, "agent_id": agent_id}
