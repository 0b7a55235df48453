"""What the command line does with documents: reads them, says what they hold, makes runs of them."""

import argparse
import sys
from pathlib import Path
from typing import Any

from symphony_core.agent_config import AgentConfig
from symphony_core.cli_inputs import pairs, typed
from symphony_core.errors import DefinitionError, DocumentError
from symphony_core.io.documents import (
    document_from,
    form_of,
    guess_form,
    is_agent,
    parse,
    workflow_from,
)
from symphony_core.io.json_text import MAX_BYTES
from symphony_core.io.schema import agent_schema, violations, workflow_schema
from symphony_core.io.step_fields import steps_inside
from symphony_core.io.workflow_fields import asked_names
from symphony_core.orchestration.templates import find_template, get_template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition


def read_file(path: str) -> bytes:
    """Return what a file holds, one byte more than a document may have at most; `-` is stdin.

    Raises:
        DocumentError: it cannot be read.
    """
    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DocumentError(
            f"The file {path!r} cannot be read: {reason or 'it has no usable name'}."
        ) from None


def read_workflow(path: str) -> WorkflowDefinition:
    """Return the workflow that a file holds.

    Raises:
        DocumentError: it cannot be read, or what is wrong with it, and where.
    """
    return workflow_from(_values(path))


def read_document(path: str) -> WorkflowDefinition | AgentConfig:
    """Return what a file holds.

    Raises:
        DocumentError: it cannot be read, or all that is wrong with it, and where.
    """
    values = _values(path)
    try:
        return document_from(values)
    except DocumentError as error:
        schema = agent_schema() if is_agent(values) else workflow_schema()
        lines = violations(values, schema)
        if len(lines) < 2:
            raise
        listed = "\n".join(f"  {line}" for line in lines)
        raise DocumentError(f"{error}\nWhat is not as the schema says:\n{listed}") from None


def summary(path: str) -> dict[str, Any]:
    """Return what a document holds.

    Raises:
        DocumentError: all that is wrong with it, and where.
    """
    found = read_document(path)
    if isinstance(found, AgentConfig):
        kept = {"name", "role", "model", "description"}
        return {"kind": "agent", "id": found.id, **found.model_dump(include=kept)}
    return {
        "kind": "workflow",
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "inputs": asked_names(found),
        "steps": [line for step in found.steps for line in _lines(step)],
    }


def in_words(found: dict[str, Any]) -> str:
    """Return a document's summary for people."""
    if found["kind"] == "agent":
        model = found["model"] or "the default model"
        return f"Agent {found['name']!r}, {found['role']}, with {model}."
    inputs = ", ".join(found["inputs"]) or "nothing"
    head = f"Workflow {found['name']!r} asks for {inputs}. Its steps:"
    return "\n".join([head, *(f"  {line}" for line in found["steps"])])


def workflow_to_run(chosen: argparse.Namespace) -> tuple[WorkflowDefinition, dict[str, Any]]:
    """Return the workflow that `run` names, and the inputs it was given.

    Raises:
        DefinitionError: there is no such workflow, or it knows nothing by a name it was given.
        DocumentError: the file cannot be read as a workflow.
    """
    given, agents = pairs(chosen.input, "--input"), pairs(chosen.agent, "--agent")
    if is_file(chosen.template):
        workflow = read_workflow(chosen.template)
        _refuse_unknown("input", given, set(asked_names(workflow)))
        _refuse_unknown("role", agents, set())
        return workflow, typed(workflow, given)
    template = get_template(chosen.template)
    options = {option.name for option in template.options}
    inputs = {declared.name for declared in template.inputs}
    _refuse_unknown("input", given, options | inputs)
    _refuse_unknown("role", agents, {role.name for role in template.roles})
    workflow = template.build(agents, {k: v for k, v in given.items() if k in options})
    return workflow, typed(workflow, {k: v for k, v in given.items() if k not in options})


def is_file(name: str) -> bool:
    """Tell whether `run` is given a document rather than a template's name."""
    if find_template(name) is not None:
        return False
    return name == "-" or form_of(name) is not None or Path(name).is_file()


def _values(path: str) -> Any:
    document = read_file(path)
    return parse(document, form_of(path) or guess_form(document))


def _lines(step: dict[str, Any]) -> list[str]:
    below = [f"  {line}" for child in steps_inside(step) for line in _lines(child)]
    return [f"{step['name']} ({step['type']} {step['id']})", *below]


def _refuse_unknown(what: str, given: dict[str, str], known: set[str]) -> None:
    for name in given:
        if name not in known:
            there = f"There is: {', '.join(sorted(known))}." if known else "There is none at all."
            raise DefinitionError(f"There is no {what} {name!r} here. {there}")
