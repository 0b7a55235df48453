"""The command line: everything the library does for a run, with no browser."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from symphony_core.cli_documents import in_words, is_file, summary, workflow_to_run
from symphony_core.cli_store import add_store_commands
from symphony_core.errors import EntityNotFound, SymphonyError
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import GALLERY
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import fill_new_store, open_registry
from symphony_core.runtime.summaries import report, steps_of, summarise
from symphony_core.runtime.worker_process import run_worker
from symphony_core.step_run import StepStatus
from symphony_core.workflow import Workflow, WorkflowStatus

PROGRESS_SECONDS = 0.2
CANCEL_SECONDS = 5.0  # how long `cancel` waits for the run to have stopped

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 the run failed, 2 it could not be done."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    command: Command = chosen.command
    try:
        return asyncio.run(command(chosen))
    except SymphonyError as error:
        _say(f"Error: {error}", sys.stderr)
        return 2
    except KeyboardInterrupt:
        _say("Stopped here. A run that was under way goes on with the next worker.", sys.stderr)
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
    _add(commands, "resume", _resume, "run a run to its end from where it stands", "RUN")
    _add(commands, "cancel", _cancel, "stop a run", "RUN")
    _add(commands, "show", _show, "show a run and its steps", "RUN")
    _add(commands, "runs", _runs, "list the runs, newest first")
    check = _add(commands, "check", _check, "say what a document holds, or what is wrong with it")
    check.add_argument("file", metavar="FILE", help="a workflow or an agent; - is standard input")
    _add(commands, "templates", _templates, "list the templates and what they ask for")
    add_store_commands(commands)
    worker = _add(commands, "worker", _worker, "take up runs and run them until stopped")
    worker.add_argument(
        "--follow-stdin", action="store_true", help="finish and go at the end of standard input"
    )
    return parser


def _add(
    commands: Any, name: str, command: Command, help: str, operand: str | None = None
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    parser.set_defaults(command=command)
    if operand is not None:
        parser.add_argument("run", metavar=operand, help="a run's id")
    if name != "worker":
        parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


async def _run(chosen: argparse.Namespace) -> int:
    registry = await _open()
    definition, inputs = workflow_to_run(chosen)
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    template = None if is_file(chosen.template) else chosen.template
    run = engine.new_run(definition, inputs, model=chosen.model, template=template)
    return await _follow(registry, run.id, engine.execute_run(run), chosen.json)


async def _check(chosen: argparse.Namespace) -> int:
    found = summary(chosen.file)
    _print(found, in_words(found), chosen.json)
    return 0


async def _resume(chosen: argparse.Namespace) -> int:
    registry = await _open()
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    return await _follow(registry, chosen.run, engine.run_workflow(chosen.run), chosen.json)


async def _follow(
    registry: ServiceRegistry, run_id: str, running: Coroutine[Any, Any, Workflow], as_json: bool
) -> int:
    telling = None if as_json else asyncio.create_task(_tell(registry, run_id))
    try:
        run = await running
    finally:
        if telling is not None:
            telling.cancel()
    await _print_run(registry, run, as_json)
    return 0 if run.status == WorkflowStatus.COMPLETED else 1


async def _tell(registry: ServiceRegistry, run_id: str) -> None:
    told: set[str] = set()
    _say(f"Run {run_id}")
    while True:
        for step in await steps_of(registry, run_id):
            if step.path not in told and step.status == StepStatus.RUNNING:
                told.add(step.path)
                _say(f"  {step.name} …")
        await asyncio.sleep(PROGRESS_SECONDS)


async def _cancel(chosen: argparse.Namespace) -> int:
    registry = await _open()
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    run = await engine.cancel_workflow(chosen.run)
    loop = asyncio.get_running_loop()
    give_up = loop.time() + CANCEL_SECONDS
    while not run.status.is_final and loop.time() < give_up:
        await asyncio.sleep(PROGRESS_SECONDS)
        run = await _find(registry, chosen.run)
    _print(summarise(run), f"{run.id}  {run.status}", chosen.json)
    return 0 if run.status.is_final else 1


async def _show(chosen: argparse.Namespace) -> int:
    registry = await _open()
    await _print_run(registry, await _find(registry, chosen.run), chosen.json)
    return 0


async def _runs(chosen: argparse.Namespace) -> int:
    registry = await _open()
    runs = await registry.get_repository("workflow").find_page(limit=100)
    lines = [f"{r.id}  {r.status:<10}  {r.created_at:%Y-%m-%d %H:%M}  {r.name}" for r in runs]
    text = "\n".join(lines) or "No runs yet."
    _print([summarise(run) for run in runs], text, chosen.json)
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
    _print(rows, text, chosen.json)
    return 0


async def _worker(chosen: argparse.Namespace) -> int:
    await run_worker(follow_stdin=chosen.follow_stdin)
    return 0


async def _open() -> ServiceRegistry:
    registry = open_registry()
    await fill_new_store(registry)
    return registry


async def _find(registry: ServiceRegistry, run_id: str) -> Workflow:
    run: Workflow | None = await registry.get_repository("workflow").find_by_id(run_id)
    if run is None:
        raise EntityNotFound("run", run_id)
    return run


async def _print_run(registry: ServiceRegistry, run: Workflow, as_json: bool) -> None:
    whole = await report(registry, run)
    lines = [f"Run {run.id}  {run.name}  {run.status}"]
    for step in whole["steps"]:
        asked = f"  ({step['agent_name']}, {step['model']})" if step["agent_name"] else ""
        lines.append(f"  {step['status']:<10} {step['name']}{asked}")
    lines += ["", run.error or whole["result"] or ""]
    _print(whole, "\n".join(lines).rstrip(), as_json)


def _print(data: Any, text: str, as_json: bool) -> None:
    _say(json.dumps(data, indent=2, ensure_ascii=False) if as_json else text)


def _say(text: str, stream: Any = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)
