"""Finds what would go wrong in a workflow before a model is asked anything."""

from collections.abc import Collection, Sequence

from symphony_core.errors import DefinitionError, TemplateError
from symphony_core.orchestration.step import WorkflowStep, walk
from symphony_core.orchestration.steps import LoopStep, ParallelStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.references import check


def check_definition(definition: WorkflowDefinition, inputs: Collection[str]) -> None:
    """Check that the workflow has steps and refers only to inputs and to steps before.

    Raises:
        DefinitionError: what is wrong, with the step's name.
    """
    steps = definition.get_steps()
    if not steps:
        raise DefinitionError(f"The workflow {definition.name!r} has no steps yet: add one first.")
    known = set(inputs) | {declared.name for declared in definition.inputs}
    _check_sequence(steps, known)


def _check_sequence(steps: Sequence[WorkflowStep], known: set[str]) -> None:
    for step in steps:
        _check_step(step, known)
        known |= {f"step.{inner.id}" for inner in walk([step])}


def _check_step(step: WorkflowStep, known: set[str]) -> None:
    for template in step.templates():
        try:
            check(template, known)
        except TemplateError as error:
            raise DefinitionError(f"Step {step.name!r}: {error}") from None
    if isinstance(step, ParallelStep):  # none sees what another leaves
        for child in step.children():
            _check_sequence([child], set(known))
    elif isinstance(step, LoopStep):  # the second turn sees the first one's results
        inside = {f"step.{inner.id}" for inner in walk([step])}
        _check_sequence(step.children(), known | inside)
    else:
        _check_sequence(step.children(), set(known))
