"""A workflow as plain data: what it needs, and which steps it takes. It never changes.

The guide imports steps, context, inputs and results from here too.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Self

from pydantic import ConfigDict, Field

from symphony_core.entity import Entity, UtcDatetime
from symphony_core.errors import DefinitionError
from symphony_core.ids import utc_now
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.step import StepResult, WorkflowStep, load_step, walk, walk_nested
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep, TaskStep
from symphony_core.orchestration.workflow_inputs import InputType, WorkflowInput, filled

__all__ = [
    "InputType",
    "StepResult",
    "WorkflowContext",
    "WorkflowDefinition",
    "WorkflowInput",
    "WorkflowStep",
]


class WorkflowDefinition(Entity):
    """An immutable workflow; `add_step` returns a copy with one step more.

    `number` is that of the saved version, 0 where nobody keeps versions. It and `archived_at`, which
    is there for one that was put away, are no part of its document.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    inputs: tuple[WorkflowInput, ...] = ()
    steps: tuple[dict[str, Any], ...] = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    number: int = Field(default=0, ge=0)
    archived_at: UtcDatetime | None = None
    created_at: UtcDatetime = Field(default_factory=utc_now)

    @property
    def saved_number(self) -> int:
        """The number of the version it is; without versions, how often it had been saved."""
        return self.number or self.version

    def add_step(self, step: WorkflowStep) -> Self:
        """Return a copy that ends with this step.

        Raises:
            DefinitionError: one of its ids is taken already.
        """
        taken = {inner.id for inner in walk(self.get_steps())}
        for inner in walk([step]):
            if inner.id in taken:
                raise DefinitionError(f"The step id {inner.id!r} is there twice in {self.name!r}.")
            taken.add(inner.id)
        return self.model_copy(update={"steps": (*self.steps, deepcopy(step.to_dict()))})

    def get_steps(self) -> list[WorkflowStep]:
        """Make the steps; new objects each time."""
        return [load_step(deepcopy(data)) for data in self.steps]

    def task_count(self) -> int | None:
        """Return how many agents will be asked; None if that depends on the run's way."""
        return task_count(self.get_steps())

    def most_tasks(self) -> int:
        """Return how many agents will be asked at most: every turn of a loop, the longer branch.

        Of a workflow that a step names and that is not pinned there, none are counted.
        """
        return sum(map(_most_tasks, self.get_steps()))

    def fill_inputs(self, given: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return a run's inputs: those given, and the defaults of those not given.

        Raises:
            DefinitionError: a required input is missing or empty, or one is not what it must be.
        """
        return filled(self.inputs, given or {}, of=self.name)


def task_count(steps: Iterable[WorkflowStep]) -> int | None:
    """Return how many agents these steps will ask; None if that depends on the run's way."""
    every = list(walk_nested(steps))
    if not all(isinstance(step, TaskStep | ParallelStep) or step.nested() for step in every):
        return None
    return sum(isinstance(step, TaskStep) for step in every)


def _most_tasks(step: WorkflowStep) -> int:
    if isinstance(step, TaskStep):
        return 1
    if isinstance(step, ConditionalStep):
        return max(sum(map(_most_tasks, branch)) for branch in (step.if_branch, step.else_branch))
    turns = step.max_iterations if isinstance(step, LoopStep) else 1
    return turns * sum(map(_most_tasks, (*step.children(), *step.nested())))
