"""The commands that give documents out: `export` and `schema`."""

import argparse
import sys
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
    found, agents = await _found(chosen.source)
    text = _written(found, agents, chosen.to)
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


async def _found(source: str) -> tuple[WorkflowDefinition | AgentConfig, list[AgentConfig]]:
    """Return a workflow or an agent, and for a stored workflow the agents stored beside it."""
    if is_file(source):
        return read_document(source), []
    template = find_template(source)
    if template is not None:
        return template.build(), []
    registry = open_registry()
    agents = registry.get_repository("agent_config")
    workflow = await registry.get_repository("workflow_definition").find_by_id(source)
    found = workflow or await agents.find_by_id(source)
    if found is None:
        raise EntityNotFound("workflow or agent", source)
    return found, await agents.find_all() if workflow else []


def _written(found: WorkflowDefinition | AgentConfig, agents: list[AgentConfig], form: str) -> str:
    if isinstance(found, AgentConfig):
        if form == PYTHON:
            raise DocumentError(
                f"{found.name!r} is an agent: only workflows are written as Python."
            )
        return dump_agent(found, Form(form))
    if form == PYTHON:
        return dump_workflow_python(found, agents)
    return dump_workflow(found, Form(form))
