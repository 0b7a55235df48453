"""The command line: everything the library does for a run, with no browser."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from symphony_core.cli_documents import in_words, is_file, summary, workflow_to_run
from symphony_core.cli_exports import add_export_commands
from symphony_core.cli_models import add_model_commands
from symphony_core.cli_output import say, show
from symphony_core.cli_runs import add_limits, add_run_commands, follow, limits_of, open_store
from symphony_core.cli_store import add_store_commands
from symphony_core.errors import SymphonyError
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import GALLERY
from symphony_core.runtime.worker_process import run_worker

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 is done, 1 the run failed, 2 it could not be done, 3 the run waits for somebody.
    """
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    command: Command = chosen.command
    try:
        return asyncio.run(command(chosen))
    except SymphonyError as error:
        say(f"Error: {error}", sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads this has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        say("Stopped here. A run that was under way goes on with the next worker.", sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m symphony_core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _add(commands, "run", _run, "run a workflow from start to end, here")
    run.add_argument(
        "template", metavar="FILE_OR_TEMPLATE", help="a document, or a template; see 'templates'"
    )
    run.add_argument("--input", action="append", default=[], metavar="NAME=VALUE")
    run.add_argument("--agent", action="append", default=[], metavar="ROLE=AGENT_ID")
    run.add_argument("--model", help="the model for agents that name none themselves")
    add_limits(run)
    add_run_commands(commands)
    check = _add(commands, "check", _check, "say what a document holds, or what is wrong with it")
    check.add_argument("file", metavar="FILE", help="a workflow or an agent; - is standard input")
    _add(commands, "templates", _templates, "list the templates and what they ask for")
    add_export_commands(commands)
    add_model_commands(commands)
    add_store_commands(commands)
    worker = _add(commands, "worker", _worker, "take up runs and run them until stopped")
    worker.add_argument(
        "--follow-stdin", action="store_true", help="finish and go at the end of standard input"
    )
    return parser


def _add(commands: Any, name: str, command: Command, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    parser.set_defaults(command=command)
    if name != "worker":
        parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


async def _run(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    definition, inputs = workflow_to_run(chosen)
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    template = None if is_file(chosen.template) else chosen.template
    run = engine.new_run(
        await engine.pinned(definition),
        inputs,
        model=chosen.model,
        template=template,
        limits=limits_of(chosen),
    )
    return await follow(registry, run.id, engine.execute_run(run), as_json=chosen.json)


async def _check(chosen: argparse.Namespace) -> int:
    found = summary(chosen.file)
    show(found, in_words(found), as_json=chosen.json)
    return 0


async def _templates(chosen: argparse.Namespace) -> int:
    rows = [
        {
            "template": template.key,
            "summary": template.summary,
            "inputs": {declared.name: declared.default for declared in template.inputs}
            | {option.name: option.default for option in template.options},
            "agents": [role.name for role in template.roles],
        }
        for template in GALLERY
    ]
    text = "\n\n".join(
        f"{row['template']}\n  {row['summary']}\n  --input {', '.join(row['inputs'])}"
        f"\n  --agent {', '.join(row['agents'])}"
        for row in rows
    )
    show(rows, text, as_json=chosen.json)
    return 0


async def _worker(chosen: argparse.Namespace) -> int:
    await run_worker(follow_stdin=chosen.follow_stdin)
    return 0
