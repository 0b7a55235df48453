"""Run steps again and again until a condition holds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from symphony_core.errors import DefinitionError
from symphony_core.orchestration import expressions
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.step import StepResult, WorkflowStep, load_step
from symphony_core.orchestration.steps.conditional import as_steps

MAX_ITERATIONS = 1000


class LoopStep(WorkflowStep, type_name="loop"):
    """Runs its body up to `max_iterations` times, and ends early when the exit condition holds.

    The condition is read after each turn; there `step.result` is the newest result of the body.
    Within the body `step.ID.result` is the turn's before; in the first turn it is `start`, a
    template, where there is one. Leaves `step.ID` (`iterations` by number, `total_iterations`, `converged`) and the last
    result as `step.ID.result`.
    """

    arranges = True

    def __init__(
        self,
        name: str,
        step: WorkflowStep | Sequence[WorkflowStep],
        exit_condition: str = "False",
        max_iterations: int = 10,
        description: str = "",
        start: str | None = None,
    ) -> None:
        super().__init__(name, description)
        expressions.check(exit_condition)
        if not isinstance(max_iterations, int) or not 1 <= max_iterations <= MAX_ITERATIONS:
            raise DefinitionError(
                f"The step {name!r}: max_iterations is a whole number from 1 to {MAX_ITERATIONS}."
            )
        self.steps = as_steps(step)
        if not self.steps:
            raise DefinitionError(f"The loop {name!r} has no step to repeat.")
        self.exit_condition = exit_condition
        self.max_iterations = max_iterations
        self.start = start

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Repeat the body."""
        if self.start is not None:
            context.set(f"step.{self.id}.result", context.resolve_template(self.start))
        iterations: dict[str, dict[str, str]] = {}
        converged = False
        for number in range(1, self.max_iterations + 1):
            turn = context.create_sub_context(segment=f"#{number}")
            result = await turn.run_steps(self.steps)
            if not result.success:
                return StepResult(False, error=f"Iteration {number}: {result.error}")
            context.update(turn.changes)
            context.set(f"step.{self.id}.result", result.text)
            iterations[str(number)] = {"result": result.text}
            condition_context = context.create_sub_context({"step.result": result.text})
            converged = condition_context.evaluate_condition(self.exit_condition)
            if converged:
                break
        summary = {
            "iterations": iterations,
            "total_iterations": len(iterations),
            "converged": converged,
        }
        context.set(f"step.{self.id}.name", self.name)
        context.set(f"step.{self.id}", summary)
        return StepResult(True, {"result": result.text, **summary})

    def children(self) -> Sequence[WorkflowStep]:
        """Return the body."""
        return self.steps

    def templates(self) -> Iterable[str]:
        """Return the text that stands for the result before the first turn."""
        return () if self.start is None else (self.start,)

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        data = {
            **super().to_dict(),
            "steps": [step.to_dict() for step in self.steps],
            "exit_condition": self.exit_condition,
            "max_iterations": self.max_iterations,
        }
        return data if self.start is None else {**data, "start": self.start}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data."""
        return cls(
            name=data["name"],
            step=[load_step(item) for item in data["steps"]],
            exit_condition=data.get("exit_condition", "False"),
            max_iterations=data.get("max_iterations", 10),
            description=data.get("description", ""),
            start=data.get("start"),
        )
