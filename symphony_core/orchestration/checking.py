"""Finds what would go wrong in a workflow before a model is asked anything."""

from collections.abc import Collection, Iterator, Sequence

from symphony_core.errors import DefinitionError, TemplateError
from symphony_core.orchestration import expressions
from symphony_core.orchestration.scopes import Inside, scopes
from symphony_core.orchestration.step import WorkflowStep, load_step, walk
from symphony_core.orchestration.steps import (
    ConditionalStep,
    LoopStep,
    ParallelStep,
    SubWorkflowStep,
)
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.paths import leads, suggestion
from symphony_core.references import check, find


def check_definition(
    definition: WorkflowDefinition, inputs: Collection[str]
) -> Sequence[WorkflowStep]:
    """Return the workflow's steps; its prompts must refer only to inputs and to steps before.

    Raises:
        DefinitionError: what is wrong, with the step's name.
    """
    steps = [load_step(data) for data in definition.steps]  # to be looked at, so no copies
    if not steps:
        raise DefinitionError(f"The workflow {definition.name!r} has no steps yet: add one first.")
    for step, known in _scopes(steps, _names(definition, inputs)):
        for template in step.templates():
            try:
                check(template, known)
            except TemplateError as error:
                raise DefinitionError(f"Step {step.name!r}: {error}") from None
        if isinstance(step, SubWorkflowStep) and step.definition is not None:
            _check_nested(step, WorkflowDefinition.model_validate(step.definition))
    return steps


def check_conditions(definition: WorkflowDefinition, inputs: Collection[str]) -> None:
    """Check that the workflow's conditions refer only to inputs and to steps before.

    A run does not ask for this: a condition may have a part that is only read once it has a value.

    Raises:
        DefinitionError: what is wrong, with the step's name.
    """
    for step, known in _scopes(definition.get_steps(), _names(definition, inputs)):
        if isinstance(step, LoopStep):
            known = known | _left_by(step) | {"step.result"}
        for path in _paths(step):
            if not leads(path, known):
                raise DefinitionError(
                    f"Step {step.name!r}: its condition refers to {path!r}, which is not there by "
                    f"then.{suggestion(path, known)}"
                )


def names_used(definition: WorkflowDefinition) -> set[str]:
    """Return the names, steps apart, that the workflow's prompts and conditions refer to."""
    steps = list(walk(definition.get_steps()))
    paths = [path for step in steps for text in step.templates() for path in find(text)]
    paths += [path for step in steps for path in _paths(step)]
    return {path.split(".")[0] for path in paths} - {"step"}


def _check_nested(step: SubWorkflowStep, definition: WorkflowDefinition) -> None:
    asked = {declared.name: declared for declared in definition.inputs}
    unknown = next((name for name in step.inputs if asked and name not in asked), None)
    if unknown is not None:
        raise DefinitionError(
            f"Step {step.name!r}: the workflow {definition.name!r} asks for no {unknown!r}."
            f"{suggestion(unknown, asked)}"
        )
    for name, declared in asked.items():
        if declared.required and declared.default in (None, "") and not step.inputs.get(name):
            raise DefinitionError(
                f"Step {step.name!r}: the input {name!r} of {definition.name!r} needs a value."
            )
    try:
        check_definition(definition, step.inputs.keys())
    except DefinitionError as error:
        raise DefinitionError(f"Step {step.name!r}: {error}") from None


def _names(definition: WorkflowDefinition, inputs: Collection[str]) -> frozenset[str]:
    return frozenset(inputs) | {declared.name for declared in definition.inputs}


def _scopes(
    steps: Sequence[WorkflowStep], known: frozenset[str]
) -> Iterator[tuple[WorkflowStep, frozenset[str]]]:
    return scopes(steps, known, lambda step: step.id, _inside)


_NOTHING: Inside[WorkflowStep] = Inside()


def _inside(step: WorkflowStep) -> Inside[WorkflowStep]:
    if not step.children():
        return _NOTHING
    if isinstance(step, ConditionalStep):
        return Inside((step.if_branch, step.else_branch))
    if isinstance(step, ParallelStep):
        return Inside([[child] for child in step.children()])
    return Inside([step.children()], again=isinstance(step, LoopStep))


def _left_by(step: WorkflowStep) -> frozenset[str]:
    return frozenset(f"step.{inner.id}" for inner in walk([step]))


def _paths(step: WorkflowStep) -> list[str]:
    if isinstance(step, ConditionalStep):
        return expressions.paths(step.condition)
    return expressions.paths(step.exit_condition) if isinstance(step, LoopStep) else []
