"""What a template of the gallery is: a workflow to be filled in, described for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from symphony_core.errors import DefinitionError
from symphony_core.orchestration.steps import ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)


@dataclass(frozen=True)
class TemplateRole:
    """A part that one agent of the user's choice plays; nobody chosen: the router chooses."""

    name: str
    label: str
    help: str


@dataclass(frozen=True)
class TemplateOption:
    """A choice that shapes the workflow itself, so it is made before the run."""

    name: str
    label: str
    type: InputType
    default: str | int
    help: str


Agents = Mapping[str, str | None]
Build = Callable[[Agents, Mapping[str, Any]], WorkflowDefinition]


@dataclass(frozen=True)
class Template:
    """A gallery entry; `key` is its name on the command line."""

    key: str
    name: str
    summary: str
    roles: tuple[TemplateRole, ...]
    inputs: tuple[WorkflowInput, ...]
    options: tuple[TemplateOption, ...]
    build_steps: Build

    def build(
        self, agents: Agents | None = None, options: Mapping[str, Any] | None = None
    ) -> WorkflowDefinition:
        """Make the workflow; what is not given is the default.

        Raises:
            DefinitionError: an option's value is not usable.
        """
        chosen = {option.name: option.default for option in self.options} | dict(options or {})
        workflow = self.build_steps(agents or {}, chosen)
        return workflow.model_copy(update={"inputs": self.inputs})

    def sample_inputs(self) -> dict[str, Any]:
        """Return the inputs of the sample run."""
        return {declared.name: declared.default for declared in self.inputs}


def whole_number(options: Mapping[str, Any], name: str) -> int:
    """Return an option that must be a whole number."""
    try:
        return int(options[name])
    except (TypeError, ValueError):
        raise DefinitionError(f"{name!r} must be a whole number, not {options[name]!r}.") from None


def lines(options: Mapping[str, Any], name: str, most: int | None = None) -> list[str]:
    """Return an option that holds one item a line; blank lines and repeats do not count."""
    items = [line.strip() for line in str(options[name]).splitlines()]
    found = list(dict.fromkeys(item for item in items if item))
    if not found:
        raise DefinitionError(f"{name!r} needs at least one line.")
    if most is not None and len(found) > most:
        raise DefinitionError(f"There can be at most {most} {name}, not {len(found)}.")
    return found


def ask(name: str, query: str, agent_id: str | None) -> TaskStep:
    """Return a task step that asks one thing."""
    return TaskStep(
        name=name, task_template={"name": name, "input_data": {"query": query}}, agent_id=agent_id
    )


def result_of(step_id: str) -> str:
    """Return the reference to a step's result."""
    return f"{{{{step.{step_id}.result}}}}"


def results_of(parallel: ParallelStep) -> list[str]:
    """Return the references to the results of the steps side by side, in their order."""
    every = range(len(parallel.steps))
    return [f"{{{{step.{parallel.id}.results.{place}.result}}}}" for place in every]
