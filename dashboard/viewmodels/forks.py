"""What may be changed when a run is run again from one of its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.viewmodels.definitions import Scopes, prompt_template
from dashboard.viewmodels.steps import GROUP_TYPES, StepView
from dashboard.viewmodels.words import count
from symphony_core.orchestration.workflow_definition import InputType, WorkflowInput
from symphony_core.step_run import StepRun

LONG = 80  # characters, or a second line: such a value gets a large field


@dataclass(frozen=True)
class ForkForm:
    """The steps by path, as people call them; the questions of those that ask; the inputs."""

    steps: Mapping[str, str]
    prompts: Mapping[str, str]
    inputs: tuple[WorkflowInput, ...]


def fork_form(
    steps: Sequence[StepView], definition: Mapping[str, Any], inputs: Mapping[str, Any]
) -> ForkForm:
    """Return what a run can be changed in; inputs that are lists or objects stay."""
    scopes = Scopes(definition)
    prompts = {step.path: prompt_template(scopes.step(step.path)) for step in steps}
    declared = {each["name"]: each for each in definition.get("inputs", ())}
    return ForkForm(
        steps={step.path: step.label for step in steps},
        prompts={path: prompt for path, prompt in prompts.items() if prompt is not None},
        inputs=tuple(
            _input(name, value, declared.get(name))
            for name, value in inputs.items()
            if isinstance(value, str | int | float)
        ),
    )


def taken_over_in_words(steps: Sequence[StepRun]) -> str:
    """Return what a fork that takes over these steps will do, in a sentence."""
    number = sum(step.type not in GROUP_TYPES for step in steps)
    if number == 0:
        return "Nothing is taken over: everything runs again as a new run."
    verb = "is" if number == 1 else "are"
    return f"{count(number, 'step')} {verb} taken over, the rest runs again as a new run."


def _input(
    name: str, value: bool | str | float, declared: Mapping[str, Any] | None
) -> WorkflowInput:
    """Return an input as it is asked for, with the run's own value as its default."""
    declared = declared or {}
    return WorkflowInput.model_construct(
        name=name,
        label=declared.get("label") or name,
        type=_type(value, declared.get("type")),
        choices=tuple(declared.get("choices", ())),
        default=value,
        required=bool(declared.get("required", False)),
    )


def _type(value: bool | str | float, declared: str | None) -> InputType:
    if isinstance(value, bool):
        return InputType.BOOLEAN
    if not isinstance(value, str):
        return InputType.NUMBER
    if declared in (InputType.CHOICE, InputType.FILE):
        return InputType(declared)
    is_long = len(value) > LONG or "\n" in value or declared == InputType.LONG_TEXT
    return InputType.LONG_TEXT if is_long else InputType.TEXT
