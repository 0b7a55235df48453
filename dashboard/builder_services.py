"""What the builder may ask for besides drafts: drawings, the router's choice, and the last run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from dashboard import agent_services, run_services, store, workflow_services
from dashboard.bridge import wait_for
from dashboard.viewmodels.flow import Flow, flow_of
from dashboard.viewmodels.routing import ScoreView, scores_of
from dashboard.viewmodels.words import ago
from symphony_core.errors import ExpressionError
from symphony_core.execution.strategies.base import RoutingDecision
from symphony_core.ids import utc_now
from symphony_core.io.documents import workflow_from
from symphony_core.io.editable import Document, Step, closed, editable, every_step
from symphony_core.io.problems import Problem
from symphony_core.io.problems import problems_of as find_problems
from symphony_core.io.workflow_fields import asked_names
from symphony_core.orchestration import expressions
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, WorkflowInput
from symphony_core.paths import resolve
from symphony_core.task import Task


@dataclass(frozen=True)
class Look:
    """A document as it is shown: what is wrong with it, and its drawing.

    `names` are of the agents and of the other workflows, by their ids.
    """

    document: Document
    names: tuple[Mapping[str, str], Mapping[str, str]]
    problems: list[Problem]
    flow: Flow


@dataclass(frozen=True)
class Routing:
    """Whom the router would choose now, and why."""

    agent: str
    why: str
    scores: tuple[ScoreView, ...]


def draft_of(definition: WorkflowDefinition, inputs: Mapping[str, Any]) -> str:
    """Keep what a template became as a new workflow, its inputs as defaults; return its id."""
    document = editable(definition)
    declared = [
        {**each, "default": inputs.get(each["name"], each["default"])}
        for each in document["inputs"]
    ]
    return workflow_services.new_draft({**document, "inputs": declared})


def other_workflows(workflow_id: str) -> dict[str, str]:
    """Return the names of the saved workflows that can be a step of this one, by their ids."""
    saved = wait_for(
        store.repository("workflow_definition").find_fields(
            ["id", "name", "archived_at"], limit=None
        )
    )
    names = {row["id"]: row["name"] for row in saved if row["archived_at"] is None}
    names.pop(workflow_id, None)
    return dict(sorted(names.items(), key=lambda each: str(each[1]).casefold()))


def inputs_of_other(workflow_id: str) -> list[WorkflowInput]:
    """Return what another workflow asks for, as it was saved last."""
    other = workflow_services.filled_by(workflow_id)
    return [] if other is None else list(other.inputs)


def routing_of(step: Step) -> Routing | None:
    """Return whom the router would give a task to as it stands; None if that cannot be told."""
    try:
        task = Task(**{"name": step.get("name"), **dict(step.get("task_template") or {})})
    except (ValidationError, TypeError):
        return None  # its problems are told at its fields
    router = store.registry().get_service("task_router")
    decision: RoutingDecision = wait_for(router.explain(task))
    names = agent_services.agent_names()
    chosen = names.get(decision.agent_id or "")
    if chosen is None:
        return None
    rows = [
        {"agent": each.agent_name, "score": each.score, "reasons": list(each.reasons)}
        for each in decision.scores
    ]
    return Routing(chosen, decision.reason, scores_of({"scores": rows}, chosen))


def look(document: Document, before: Look | None, *, wide: float) -> Look:
    """Return what is wrong with a document and how it is drawn; as before if it is the same one."""
    agents = agent_services.agent_names()
    others = other_workflows(str(document.get("id", "")))
    names = (agents, others)
    if before and before.document is document and before.names == names:
        return before
    steps = document.get("steps") or ()
    flow = flow_of(steps, wide=wide, agents=agents, workflows=others, editable=True)
    used = {step.get("workflow_id") for step in every_step(steps)}
    needed = {id: _needed(id) if id in used else () for id in others}
    return Look(document, names, find_problems(document, agents, needed), flow)


def names_asked(document: Document) -> list[str]:
    """Return the inputs that a workflow without mistakes asks for, declared or only used."""
    return asked_names(workflow_from(closed(document)))


def on_the_last_run(workflow_id: str, step_id: str, condition: str) -> str | None:
    """Return what a condition would have given at the end of the workflow's last run."""
    last = run_services.last_values(workflow_id)
    if last is None or not condition.strip():
        return None
    values, made_at = dict(last[0]), last[1]
    newest = resolve(f"step.{step_id}.result", values)
    if newest is not None:
        values["step.result"] = newest
    when = ago(made_at, utc_now())
    try:
        held = expressions.evaluate(condition, values)
    except ExpressionError as error:
        return f"With the values of the last run ({when}): {error}"
    return f"With the values of the last run ({when}): {'Yes' if held else 'No'}."


def _needed(workflow_id: str) -> list[str]:
    """Return the inputs of another workflow that have no default of their own."""
    return [
        declared.name
        for declared in inputs_of_other(workflow_id)
        if declared.required and declared.default is None
    ]
