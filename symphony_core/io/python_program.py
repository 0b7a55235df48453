"""Puts a program together out of its definitions: imports before, and a start after."""

from collections.abc import Mapping, Sequence

from symphony_core.io.python_names import Names
from symphony_core.io.python_text import Call, Name, expression
from symphony_core.io.step_fields import every_step
from symphony_core.io.workflow_fields import asked_names
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)

_CALLED = {"agent_config": "agents", "workflow_definition": "workflows"}
_ASK = """\
    while questions := await engine.control.questions(run.id):
        for question in questions:
            agreed = input(f"{{question.message}} (y/n) ").strip().lower() == "y"
            answer = {status}.APPROVED if agreed else {status}.REJECTED
            await engine.control.answer(question.id, answer)
        run = await engine.run_workflow(run.id)"""


def program(names: Names, parts: Sequence[str]) -> str:
    """Return the whole program: its imports, what is defined in it, and last what it does."""
    standard, others = names.import_lines()
    imports = "\n".join(["import asyncio", *standard, "", *others])
    *defined, main = parts
    return (
        '"""A workflow: run this file, or import `workflow` from it."""\n\n'
        f"{imports}\n\n"
        + "\n\n".join(defined)
        + f'\n\n\n{main}\n\n\nif __name__ == "__main__":\n    asyncio.run(main())\n'
    )


def main_function(
    workflows: Sequence[WorkflowDefinition],
    names: Names,
    saved: Mapping[str, Sequence[Name]],
    last: Name,
) -> str:
    """Return the function that runs the last of the workflows and prints what its last step left.

    `saved` are the variables of what must be stored for it, by the names of their repositories.
    """
    definition = workflows[-1]
    registry = names.use("symphony_core.registry", "ServiceRegistry")
    register = names.use("symphony_core.orchestration", "register_orchestration_components")
    lines = [
        "async def main() -> None:",
        '    """Run the workflow here, and print what came of it."""',
        f"    registry = {registry.text}.get_instance()",
        f"    {register.text}(registry)",
    ]
    for name, variables in saved.items():
        lines.append(f'    {_CALLED[name]} = registry.get_repository("{name}")')
        lines += [f"    await {_CALLED[name]}.save({variable.text})" for variable in variables]
    lines.append('    engine = registry.get_service("workflow_engine")')
    inputs = _inputs(definition, names)
    if inputs:
        lines.append(f"    inputs = {expression(inputs, '    ', len('inputs = '), 0)}")
    given = "workflow, inputs" if inputs else "workflow"
    lines.append(f"    run = await engine.execute_workflow({given})")
    steps = [step for workflow in workflows for step in every_step(workflow.steps)]
    if any(step["type"] == "approval" for step in steps):
        status = names.use("symphony_core.approval", "ApprovalStatus")
        lines.append(_ASK.format(status=status.text))
    lines.append('    print(f"{run.name}: {run.status}")')
    lines.append('    context = run.metadata.get("context", {})')
    result = f'context.get(f"step.{{{last.text}.id}}.result", "")'
    lines.append(f"    print(run.error or {result})")
    return "\n".join(lines)


def _inputs(definition: WorkflowDefinition, names: Names) -> dict[str, Call]:
    """Return the inputs that have no value yet, each with the question for it."""
    declared = {one.name: one for one in definition.inputs}
    filled = {
        name for name, one in declared.items() if one.default not in (None, "") or not one.required
    }
    return {
        name: _question(name, declared.get(name), names)
        for name in asked_names(definition)
        if name not in filled
    }


def _question(name: str, declared: WorkflowInput | None, names: Names) -> Call:
    if declared is None:
        return Call("input", {"": f"{name}: "})
    hints = {
        InputType.CHOICE: f" ({', '.join(declared.choices)})",
        InputType.BOOLEAN: " (true or false)",
        InputType.FILE: " (path of a text file)",
    }
    asked = Call("input", {"": f"{name}{hints.get(declared.type, '')}: "})
    if declared.type == InputType.NUMBER:
        return Call("float", {"": asked})
    if declared.type == InputType.BOOLEAN:
        return Call(names.use("json", "loads").text, {"": asked})
    if declared.type == InputType.FILE:
        path = names.use("pathlib", "Path")
        opened = Call(path.text, {"": asked})
        return Call(path.attribute("read_text").text, {"": opened, "encoding": "utf-8"})
    return asked
