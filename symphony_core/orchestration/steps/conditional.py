"""Take one way or the other."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from symphony_core.orchestration import expressions
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.step import StepResult, WorkflowStep, load_step

Branch = WorkflowStep | Sequence[WorkflowStep] | None


class ConditionalStep(WorkflowStep, type_name="conditional"):
    """Runs one of two branches, each one step or several.

    Leaves `step.ID.condition_result`, `.branch_taken` (`if`, `else` or `none`) and the taken
    branch's last result as `.result`.
    """

    arranges = True

    def __init__(
        self,
        name: str,
        condition: str,
        if_branch: Branch,
        else_branch: Branch = None,
        description: str = "",
    ) -> None:
        super().__init__(name, description)
        expressions.check(condition)
        self.condition = condition
        self.if_branch = as_steps(if_branch)
        self.else_branch = as_steps(else_branch)

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Evaluate the condition and run the branch."""
        holds = context.evaluate_condition(self.condition)
        steps = self.if_branch if holds else self.else_branch
        taken = ("if" if holds else "else") if steps else "none"
        result = await context.run_steps(steps)
        if not result.success:
            return result
        context.set(f"step.{self.id}.name", self.name)
        context.set(f"step.{self.id}.condition_result", holds)
        context.set(f"step.{self.id}.branch_taken", taken)
        context.set(f"step.{self.id}.result", result.text)
        output = {"result": result.text, "condition_result": holds, "branch_taken": taken}
        return StepResult(True, output)

    def children(self) -> Sequence[WorkflowStep]:
        """Return the steps of both branches."""
        return (*self.if_branch, *self.else_branch)

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        return {
            **super().to_dict(),
            "condition": self.condition,
            "if_branch": [step.to_dict() for step in self.if_branch],
            "else_branch": [step.to_dict() for step in self.else_branch] or None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data."""
        return cls(
            name=data["name"],
            condition=data["condition"],
            if_branch=_load_branch(data["if_branch"]),
            else_branch=_load_branch(data.get("else_branch")),
            description=data.get("description", ""),
        )


def as_steps(branch: Branch) -> tuple[WorkflowStep, ...]:
    """Return one step, several or none as a tuple."""
    if branch is None:
        return ()
    return (branch,) if isinstance(branch, WorkflowStep) else tuple(branch)


def _load_branch(data: Any) -> tuple[WorkflowStep, ...]:
    if not data:
        return ()
    return tuple(load_step(item) for item in ([data] if isinstance(data, Mapping) else data))
