"""The commands for runs: watch them, stop them, let them go on, answer what they ask."""

import argparse
import asyncio
import math
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any

from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.cli_inputs import pairs, typed
from symphony_core.cli_output import say, show
from symphony_core.errors import NotPossible
from symphony_core.orchestration.control import RunControl
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.repository import Repository
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import STEP_STARTED, RunEvent
from symphony_core.runtime.bootstrap import fill_new_store, open_registry
from symphony_core.runtime.summaries import report, summarise
from symphony_core.workflow import WAITING_STATUSES, RunLimits, RunPurpose, Workflow, WorkflowStatus

LOOK_SECONDS = 0.2
STOP_SECONDS = 5.0  # how long `cancel` waits for the run to have stopped

WAITS, FAILED, DONE = 3, 1, 0  # exit codes

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def add_run_commands(commands: Any) -> None:
    """Add the commands for runs to the command line."""
    resume = _add(commands, "resume", _resume, "run a run on from where it stands, here")
    add_limits(resume)
    retry = _add(commands, "retry", _retry, "go on where a run failed, as a new run, here")
    add_limits(retry)
    rerun = _add(commands, "rerun", _rerun, "run a run again from a step on, as a new run, here")
    rerun.add_argument("--from", dest="at", required=True, metavar="PATH", help="see 'show'")
    rerun.add_argument("--prompt", help="another prompt for that step")
    rerun.add_argument("--input", action="append", default=[], metavar="NAME=VALUE")
    add_limits(rerun)
    _add(commands, "pause", _pause, "let a run end the steps under way and begin no others")
    _add(commands, "cancel", _cancel, "stop a run")
    approve = _add(commands, "approve", _approve, "answer yes to what a run asks")
    approve.add_argument("--text", help="the text to go on with instead")
    reject = _add(commands, "reject", _reject, "answer no to what a run asks")
    for answer in (approve, reject):
        answer.add_argument("--step", metavar="PATH", help="which question, if there are several")
        answer.add_argument("--note", default="", help="why")
    _add(commands, "show", _show, "show a run and its steps")
    _add(commands, "runs", _runs, "list the runs, newest first", operand=False)


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the limits of a run to a command."""
    parser.add_argument("--max-calls", type=int, metavar="N", help="model calls before it pauses")
    parser.add_argument("--max-tokens", type=int, metavar="N", help="tokens before it pauses")
    parser.add_argument("--max-cost", type=float, metavar="USD", help="dollars before it pauses")
    parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="before it fails")


def limits_of(chosen: argparse.Namespace, run: Workflow | None = None) -> RunLimits | None:
    """Return a run's limits, none by default, with those that were given; None if none were.

    Raises:
        NotPossible: one of them is no limit.
    """
    named = {
        "model_calls": chosen.max_calls,
        "tokens": chosen.max_tokens,
        "cost": chosen.max_cost,
        "seconds": chosen.time_limit,
    }
    given = {name: value for name, value in named.items() if value is not None}
    if wrong := [name for name, value in given.items() if not 0 < value < math.inf]:
        raise NotPossible(f"A limit of {wrong[0].replace('_', ' ')} is a number above 0.")
    before = run.limits.model_dump() if run else {}
    return RunLimits(**{**before, **given}) if given else None


async def open_store() -> ServiceRegistry:
    """Return the registry over the store, filled if it is new."""
    registry = open_registry()
    await fill_new_store(registry)
    return registry


async def follow(
    registry: ServiceRegistry, run_id: str, running: Coroutine[Any, Any, Workflow], *, as_json: bool
) -> int:
    """Tell how a run goes until it has ended or waits, and return the exit code."""
    run = await (running if as_json else _told(registry, run_id, running))
    await _show_run(registry, run, as_json=as_json)
    if run.status in WAITING_STATUSES:
        return WAITS
    return DONE if run.status == WorkflowStatus.COMPLETED else FAILED


def _add(
    commands: Any, name: str, command: Command, help: str, *, operand: bool = True
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    parser.set_defaults(command=command)
    if operand:
        parser.add_argument("run", metavar="RUN", help="a run's id")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _engine(registry: ServiceRegistry) -> WorkflowEngine:
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    return engine


async def _resume(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    engine = _engine(registry)
    limits = limits_of(chosen, await engine.control.find(chosen.run))
    if limits is not None:
        await engine.control.resume(chosen.run, limits=limits)
    running = engine.run_workflow(chosen.run)
    return await follow(registry, chosen.run, running, as_json=chosen.json)


async def _retry(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    control = _engine(registry).control
    limits = limits_of(chosen, await control.find(chosen.run))
    run = await control.fork(chosen.run, limits=limits)
    running = _engine(registry).run_workflow(run.id)
    return await follow(registry, run.id, running, as_json=chosen.json)


async def _rerun(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    control = _engine(registry).control
    source = await control.find(chosen.run)
    given = pairs(chosen.input, "--input")
    if given and source.definition is not None:
        given = typed(WorkflowDefinition.model_validate(source.definition), given)
    limits = limits_of(chosen, source)
    run = await control.fork(
        chosen.run, at=chosen.at, inputs=given, prompt=chosen.prompt, limits=limits
    )
    running = _engine(registry).run_workflow(run.id)
    return await follow(registry, run.id, running, as_json=chosen.json)


async def _pause(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    run = await _engine(registry).control.pause(chosen.run)
    words = "paused" if run.status == WorkflowStatus.PAUSED else "pauses after the step under way"
    show(summarise(run), f"{run.id}  {words}", as_json=chosen.json)
    return DONE


async def _cancel(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    control = _engine(registry).control
    run = await control.cancel(chosen.run)
    loop = asyncio.get_running_loop()
    give_up = loop.time() + STOP_SECONDS
    while not run.status.is_final and loop.time() < give_up:
        await asyncio.sleep(LOOK_SECONDS)
        run = await control.find(chosen.run)
    show(summarise(run), f"{run.id}  {run.status}", as_json=chosen.json)
    return DONE if run.status.is_final else FAILED


async def _approve(chosen: argparse.Namespace) -> int:
    status = ApprovalStatus.APPROVED if chosen.text is None else ApprovalStatus.EDITED
    return await _answer(chosen, status, chosen.text)


async def _reject(chosen: argparse.Namespace) -> int:
    return await _answer(chosen, ApprovalStatus.REJECTED, None)


async def _answer(chosen: argparse.Namespace, status: ApprovalStatus, text: str | None) -> int:
    registry = await open_store()
    control = _engine(registry).control
    asked = await _question(control, chosen)
    answered = await control.answer(asked.id, status, text=text, note=chosen.note)
    run = await control.find(chosen.run)
    words = f"{answered.name!r} is {answered.status}. The run is {run.status}."
    show(answered.to_dict(), words, as_json=chosen.json)
    return DONE


async def _question(control: RunControl, chosen: argparse.Namespace) -> Approval:
    run = await control.find(chosen.run)
    asked = await control.questions(chosen.run)
    fitting = [each for each in asked if chosen.step in (None, each.path)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise NotPossible(f"The run {run.name!r} asks nothing{_at(chosen.step)}.")
    paths = ", ".join(each.path for each in fitting)
    raise NotPossible(f"The run {run.name!r} asks several things: choose one with --step: {paths}.")


def _at(path: str | None) -> str:
    return f" at the step {path!r}" if path else ""


async def _show(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    run = await _engine(registry).control.find(chosen.run)
    await _show_run(registry, run, as_json=chosen.json)
    return DONE


async def _runs(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    runs = await registry.get_repository("workflow").find_page(
        {"purpose": RunPurpose.WORK}, limit=100
    )
    lines = [f"{r.id}  {r.status:<10}  {r.created_at:%Y-%m-%d %H:%M}  {r.name}" for r in runs]
    text = "\n".join(lines) or "No runs yet."
    show([summarise(run) for run in runs], text, as_json=chosen.json)
    return DONE


async def _told(
    registry: ServiceRegistry, run_id: str, running: Coroutine[Any, Any, Workflow]
) -> Workflow:
    say(f"Run {run_id}")
    events = registry.get_repository("run_event")
    with closing(running):  # which is not begun where the store cannot be read
        teller = _Teller(events, run_id, known=await events.count({"run_id": run_id}))
        telling = asyncio.create_task(teller.go_on())
        try:
            run = await running
        finally:
            telling.cancel()
    await teller.look()
    return run


class _Teller:
    """Names each step that begins, the quick ones too; `known` events were there before."""

    def __init__(self, events: Repository[RunEvent], run_id: str, known: int) -> None:
        self._events = events
        self._run_id = run_id
        self._known = known

    async def go_on(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        new = await self._events.find_page(
            {"run_id": self._run_id},
            order_by="number",
            descending=False,
            limit=None,
            offset=self._known,
        )
        self._known += len(new)
        for event in new:
            if event.type == STEP_STARTED:
                attempt = event.data["attempt"]
                say(f"  {event.data['name']} …" + (f" attempt {attempt}" if attempt > 1 else ""))


async def _show_run(registry: ServiceRegistry, run: Workflow, *, as_json: bool) -> None:
    whole = await report(registry, run)
    lines = [f"Run {run.id}  {run.name}  {run.status}"]
    for step in whole["steps"]:
        asked = f"  ({step['agent_name']}, {step['model']})" if step["agent_name"] else ""
        lines.append(f"  {step['status']:<10} {step['path']}  {step['name']}{asked}")
    for question in await _engine(registry).control.questions(run.id):
        lines += ["", f"{question.path} asks: {question.message}"]
    lines += ["", run.error or run.waits_for or whole["result"] or ""]
    show(whole, "\n".join(lines).rstrip(), as_json=as_json)
