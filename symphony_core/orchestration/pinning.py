"""Puts the workflows that a workflow's steps name into those steps, as they are now."""

from collections.abc import Sequence
from typing import Any

from symphony_core.errors import DefinitionError
from symphony_core.orchestration.step import MAX_LEVELS, MAX_STEPS, WorkflowStep, walk_nested
from symphony_core.orchestration.step_data import LANES, StepData, as_steps
from symphony_core.orchestration.steps import SubWorkflowStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.repository import Repository


async def pinned(
    definition: WorkflowDefinition, workflows: Repository[WorkflowDefinition]
) -> WorkflowDefinition:
    """Return a workflow that can run without others: they are in its steps, and theirs in them.

    What is pinned already stays as it is.

    Raises:
        DefinitionError: one is not there, they hold each other, or they are too many in all.
    """
    steps = await _Pinning(definition, workflows).all(definition.steps, (definition,), 1)
    return definition.model_copy(update={"steps": tuple(steps)})


def check_pinned(steps: Sequence[WorkflowStep]) -> None:
    """Check that no step names a workflow that is not in it.

    Raises:
        DefinitionError: one does.
    """
    for step in walk_nested(steps):
        if isinstance(step, SubWorkflowStep) and step.definition is None:
            raise DefinitionError(
                f"The step {step.name!r} runs the workflow {step.workflow_id!r}: make the run of "
                "what the engine's `pinned` returns."
            )


class _Pinning:
    """One look at the store: a workflow that is named twice is the same in both places."""

    def __init__(
        self, definition: WorkflowDefinition, workflows: Repository[WorkflowDefinition]
    ) -> None:
        self._name = definition.name
        self._workflows = workflows
        self._found: dict[str, WorkflowDefinition | None] = {}
        self._steps = 0

    async def all(
        self, steps: Sequence[StepData], around: tuple[WorkflowDefinition, ...], level: int
    ) -> list[dict[str, Any]]:
        """Return steps that lie in these workflows, the outermost first, at this level."""
        pinned = []
        for step in steps:
            self._count(level, is_inner=len(around) > 1)
            pinned.append(await self._one(step, around, level) if _holds(step) else dict(step))
        return pinned

    async def _one(
        self, step: StepData, around: tuple[WorkflowDefinition, ...], level: int
    ) -> dict[str, Any]:
        changed = dict(step)
        for lane in LANES:
            if as_steps(step.get(lane)):
                changed[lane] = await self.all(as_steps(step[lane]), around, level + 1)
        if step.get("type") == SubWorkflowStep.type_name:
            found = await self._workflow(step, around)
            inner = await self.all(found.steps, (*around, found), level + 1)
            changed["definition"] = {**found.to_dict(), "steps": inner}
            changed.setdefault("definition_version", found.saved_number)
        return changed

    async def _workflow(
        self, step: StepData, around: tuple[WorkflowDefinition, ...]
    ) -> WorkflowDefinition:
        if step.get("definition") is not None:
            return WorkflowDefinition.model_validate(step["definition"])
        wanted = str(step["workflow_id"])
        ids = [one.id for one in around]
        if wanted in ids:
            names = [repr(one.name) for one in around[ids.index(wanted) :]]
            way = " holds ".join([*names, names[0]])
            raise DefinitionError(f"A workflow cannot be a step within itself: {way}.")
        if wanted not in self._found:
            self._found[wanted] = await self._workflows.find_by_id(wanted)
        found = self._found[wanted]
        if found is None:
            raise DefinitionError(
                f"No workflow {wanted!r} is here: choose another for the step {step['name']!r}."
            )
        return found

    def _count(self, level: int, *, is_inner: bool) -> None:
        """Count a step; what a program puts into one workflow is its own affair."""
        self._steps += 1
        if level > MAX_LEVELS:
            raise DefinitionError(
                f"The workflow {self._name!r} is too deep: with the workflows in it, its steps "
                f"may be nested over {MAX_LEVELS} levels."
            )
        if is_inner and self._steps > MAX_STEPS:
            raise DefinitionError(
                f"The workflow {self._name!r} has too many steps: with those of the workflows in "
                f"it, it may have {MAX_STEPS}."
            )


def _holds(step: StepData) -> bool:
    """Tell whether a step may have others in it."""
    return step.get("type") == SubWorkflowStep.type_name or not step.keys().isdisjoint(LANES)
