"""The commands that give documents out: `export` and `schema`."""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symphony_core.agent_config import AgentConfig
from symphony_core.cli_documents import is_file, read_document
from symphony_core.cli_output import say, show
from symphony_core.errors import DocumentError, EntityNotFound
from symphony_core.io.documents import Form, dump_agent, dump_workflow
from symphony_core.io.python_export import dump_workflow_python
from symphony_core.io.schema import agent_schema, workflow_schema
from symphony_core.orchestration.templates import find_template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.runtime.bootstrap import open_registry

PYTHON = "python"
SCHEMAS = {"workflow": workflow_schema, "agent": agent_schema}


def add_export_commands(commands: Any) -> None:
    """Add `export` and `schema` to the command line."""
    export = commands.add_parser("export", help="write a workflow or an agent as a document")
    export.set_defaults(command=_export)
    export.add_argument(
        "source", metavar="SOURCE", help="a document, a template, or the id of what is stored"
    )
    export.add_argument("--to", choices=[*Form, PYTHON], default=Form.JSON, help="the form")
    export.add_argument("--output", type=Path, metavar="FILE", help="a file that is not there yet")
    schema = commands.add_parser("schema", help="print the JSON Schema of documents")
    schema.set_defaults(command=_schema)
    schema.add_argument("kind", choices=SCHEMAS)


async def _export(chosen: argparse.Namespace) -> int:
    found, beside = await _found(chosen.source)
    text = _written(found, beside, chosen.to)
    if chosen.output is None:
        sys.stdout.write(text)
        return 0
    try:
        with chosen.output.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it has no usable name"
        raise DocumentError(
            f"The file {str(chosen.output)!r} cannot be written: {reason}."
        ) from None
    say(f"{found.name!r} is written to {str(chosen.output)!r}.")
    return 0


async def _schema(chosen: argparse.Namespace) -> int:
    show(SCHEMAS[chosen.kind](), "", as_json=True)
    return 0


@dataclass(frozen=True)
class _Beside:
    """What is stored beside a workflow."""

    agents: list[AgentConfig] = field(default_factory=list)
    workflows: list[WorkflowDefinition] = field(default_factory=list)


async def _found(source: str) -> tuple[WorkflowDefinition | AgentConfig, _Beside]:
    """Return a workflow or an agent, and for a stored workflow what is stored beside it."""
    if is_file(source):
        return read_document(source), _Beside()
    template = find_template(source)
    if template is not None:
        return template.build(), _Beside()
    registry = open_registry()
    agents = registry.get_repository("agent_config")
    workflows = registry.get_repository("workflow_definition")
    workflow = await workflows.find_by_id(source)
    if workflow is not None:
        return workflow, _Beside(await agents.find_all(), await workflows.find_all())
    agent = await agents.find_by_id(source)
    if agent is None:
        raise EntityNotFound("workflow or agent", source)
    return agent, _Beside()


def _written(found: WorkflowDefinition | AgentConfig, beside: _Beside, form: str) -> str:
    if isinstance(found, AgentConfig):
        if form == PYTHON:
            raise DocumentError(
                f"{found.name!r} is an agent: only workflows are written as Python."
            )
        return dump_agent(found, Form(form))
    if form == PYTHON:
        return dump_workflow_python(found, beside.agents, beside.workflows)
    return dump_workflow(found, Form(form))
