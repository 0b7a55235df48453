"""Finds what would go wrong in a workflow before a model is asked anything."""

from collections.abc import Collection, Sequence

from symphony_core.errors import DefinitionError, TemplateError
from symphony_core.orchestration import expressions
from symphony_core.orchestration.step import WorkflowStep, walk
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.paths import leads, suggestion
from symphony_core.references import check, find


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


def names_used(definition: WorkflowDefinition) -> set[str]:
    """Return the names, steps apart, that the workflow's prompts and conditions refer to."""
    steps = list(walk(definition.get_steps()))
    paths = [path for step in steps for text in step.templates() for path in find(text)]
    paths += [path for step in steps for path in expressions.paths(_condition(step))]
    return {path.split(".")[0] for path in paths} - {"step"}


def _condition(step: WorkflowStep) -> str:
    if isinstance(step, ConditionalStep):
        return step.condition
    return step.exit_condition if isinstance(step, LoopStep) else "True"


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
    inside = {f"step.{inner.id}" for inner in walk([step])}
    if isinstance(step, LoopStep):
        _check_condition(step, known | inside | {"step.result"})
    else:
        _check_condition(step, known)
    if isinstance(step, ParallelStep):  # none sees what another leaves
        for child in step.children():
            _check_sequence([child], set(known))
    elif isinstance(step, LoopStep):  # the second turn sees the first one's results
        _check_sequence(step.children(), known | inside)
    else:
        _check_sequence(step.children(), set(known))


def _check_condition(step: WorkflowStep, known: Collection[str]) -> None:
    for path in expressions.paths(_condition(step)):
        if not leads(path, known):
            raise DefinitionError(
                f"Step {step.name!r}: its condition refers to {path!r}, which is not there by "
                f"then.{suggestion(path, known)}"
            )
