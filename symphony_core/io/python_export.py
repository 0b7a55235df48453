"""Writes workflows as Python: the program that a person would write with the library."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from symphony_core.agent_config import AgentConfig
from symphony_core.execution.retry import RetryPolicy
from symphony_core.io.documents import dump_agent, dump_workflow, load_workflow
from symphony_core.io.python_names import Names
from symphony_core.io.python_program import main_function, program
from symphony_core.io.python_text import Call, Name, block, expression
from symphony_core.io.step_fields import BRANCHES, CHILDREN, every_step
from symphony_core.io.step_fields import FIELDS as STEP_FIELDS
from symphony_core.orchestration.step import step_class
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, WorkflowInput

_SHORT = 60  # characters of a text with several lines that stays where it is used
_CALLED = {"query": "prompt", "instruction_template": "instructions"}
_AGENTS = "symphony_core.agent_config"
_DEFINITIONS = "symphony_core.orchestration.workflow_definition"


def dump_workflow_python(
    definition: WorkflowDefinition,
    agents: Sequence[AgentConfig] = (),
    workflows: Sequence[WorkflowDefinition] = (),
) -> str:
    """Write a workflow as a program that builds the same again as `workflow`, and runs it.

    Those of the agents and of the other workflows that its steps name become part of the program;
    others must be there where it runs.

    Raises:
        DocumentError: it has something that documents may not have, or a step whose class no
            program can import.
    """
    workflow = _checked(definition)
    inside = _named_by(workflow, {one.id: one for one in workflows})
    whole = [*inside, workflow]
    named = {step.get("agent_id") for one in whole for step in every_step(one.steps)}
    writer = _Writer()
    for agent in agents:
        if agent.id in named:
            writer.agent(agent)
    for one in inside:
        writer.other_workflow(one)
    last = writer.workflow(workflow, "workflow")
    saved = {"agent_config": writer.agents, "workflow_definition": writer.workflows}
    kept = {name: list(variables.values()) for name, variables in saved.items() if variables}
    main = main_function(whole, writer.names, kept, last)
    return program(writer.names, [*writer.parts, main])


def _checked(definition: WorkflowDefinition) -> WorkflowDefinition:
    """Return a workflow as it is read, each branch a list."""
    return load_workflow(dump_workflow(definition))


def _named_by(
    workflow: WorkflowDefinition, others: Mapping[str, WorkflowDefinition]
) -> list[WorkflowDefinition]:
    """Return those of the other workflows that a workflow holds, each after those that it holds."""
    found: dict[str, WorkflowDefinition] = {}
    seen = {workflow.id}

    def look_into(one: WorkflowDefinition) -> None:
        for step in every_step(one.steps):
            other = others.get(str(step.get("workflow_id")))
            if other is not None and other.id not in seen:
                seen.add(other.id)
                look_into(inner := _checked(other))
                found[other.id] = inner

    look_into(workflow)
    return list(found.values())


class _Writer:
    """The parts of one program, in the order in which they are defined."""

    def __init__(self) -> None:
        self.names = Names()
        self.parts: list[str] = []
        self.agents: dict[str, Name] = {}
        self.workflows: dict[str, Name] = {}

    def agent(self, config: AgentConfig) -> None:
        """Define an agent."""
        dump_agent(config)  # for its checks
        values = config.model_dump(exclude={"created_at", "updated_at"}, exclude_defaults=True)
        values = {"id": config.id, **values}
        for name, class_ in (("capabilities", "AgentCapabilities"), ("settings", "AgentSettings")):
            if name in values:
                values[name] = self._call(_AGENTS, class_, values[name])
        variable = self.names.new(config.name, "_agent", "other")
        self._define(variable, self._call(_AGENTS, "AgentConfig", values))
        self.agents[config.id] = Name(variable)

    def other_workflow(self, definition: WorkflowDefinition) -> None:
        """Define a workflow that is a step of another."""
        variable = self.names.new(definition.name, "_definition", "other")
        self.workflow(definition, variable)
        self.workflows[definition.id] = Name(variable)

    def workflow(self, definition: WorkflowDefinition, variable: str) -> Name:
        """Define the steps and the workflow, and return the last step."""
        steps = [self._step(step) for step in definition.steps]
        values: dict[str, Any] = {
            "id": definition.id,
            "name": definition.name,
            "description": definition.description,
            "inputs": tuple(map(self._input, definition.inputs)),
            "metadata": definition.metadata,
        }
        values = {name: value for name, value in values.items() if value not in ("", (), {})}
        added = [f"{variable} = {variable}.add_step({step.text})" for step in steps]
        self._define(variable, self._call(_DEFINITIONS, "WorkflowDefinition", values), *added)
        return steps[-1]

    def _step(self, data: Mapping[str, Any]) -> Name:
        """Define a step after those inside it, and return what it is called."""
        if data["type"] not in STEP_FIELDS:
            return self._own_step(data)
        class_ = step_class(data["type"])
        assert class_ is not None
        arguments = {}
        for name, parameter in inspect.signature(class_).parameters.items():
            field = "steps" if name == "step" else name
            value = self._argument(name, data[field]) if field in data else parameter.default
            if value != parameter.default:
                arguments[name] = value
        variable = self.names.new(data["name"], "_step", data["type"])
        call = self._call("symphony_core.orchestration.steps", class_.__name__, arguments)
        self._define(variable, call, f"{variable}.id = {expression(data['id'])}")
        return Name(variable)

    def _argument(self, name: str, value: Any) -> Any:
        if name in (*CHILDREN, "step") and value is not None:
            steps = [self._step(child) for child in value]
            return steps[0] if name in (*BRANCHES, "step") and len(steps) == 1 else steps
        if name == "retry":
            return self._retry(value)
        if name == "agent_id" and value in self.agents:
            return self.agents[value].attribute("id")
        if name == "workflow_id" and value in self.workflows:
            return self.workflows[value].attribute("id")
        return value

    def _retry(self, value: Mapping[str, Any] | None) -> Call | None:
        """Return a policy, or None for the one that a task has without any."""
        changes = RetryPolicy.model_validate(value or {}).model_dump(exclude_defaults=True)
        if not changes:
            return None
        return self._call("symphony_core.execution.retry", "RetryPolicy", changes)

    def _own_step(self, data: Mapping[str, Any]) -> Name:
        load = self.names.use("symphony_core.orchestration.step", "load_step")
        variable = self.names.new(data["name"], "_step", "own")
        self._define(variable, Call(load.text, {"": self._with_classes(data, data["name"])}))
        return Name(variable)

    def _with_classes(self, value: Any, step: str) -> Any:
        """Return the data of a step of somebody's own, its types by their classes."""
        if isinstance(value, list):
            return [self._with_classes(inner, step) for inner in value]
        if not isinstance(value, dict):
            return value
        values = {name: self._with_classes(inner, step) for name, inner in value.items()}
        type_name = value.get("type")
        class_ = step_class(type_name) if isinstance(type_name, str) else None
        if class_ is not None and type_name not in STEP_FIELDS:
            name = self.names.use_class(class_, f"The step {step!r}")
            values["type"] = name.attribute("type_name")
        return values

    def _input(self, declared: WorkflowInput) -> Call:
        values = declared.model_dump(exclude_defaults=True)
        if "type" in values:
            class_ = self.names.use(_DEFINITIONS, "InputType")
            values["type"] = class_.attribute(declared.type.name)
        return self._call(_DEFINITIONS, "WorkflowInput", values)

    def _call(self, module: str, class_: str, arguments: Mapping[str, Any]) -> Call:
        return Call(self.names.use(module, class_).text, arguments)

    def _define(self, variable: str, call: Call, *more: str) -> None:
        lifted = self._lifted(call, variable)
        statement = f"{variable} = {expression(lifted, before=len(variable) + 3, after=0)}"
        self.parts.append("\n".join([statement, *more]))

    def _lifted(self, value: Any, owner: str, what: str = "") -> Any:
        """Return a value whose longer texts with several lines are constants before it."""
        if isinstance(value, str) and "\n" in value and len(value) > _SHORT:
            constant = self.names.constant(owner, _CALLED.get(what, what))
            self.parts.append(f"{constant} = {block(value)}")
            return Name(constant)
        if isinstance(value, Call):
            return Call(value.function, self._lifted(value.arguments, owner, what))
        if isinstance(value, dict):
            return {name: self._lifted(inner, owner, name or what) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._lifted(inner, owner, what) for inner in value)
        return value
