"""Where an agent or a workflow is used: in workflows, saved or being built, and in runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symphony_core.errors import NotPossible
from symphony_core.io.editable import every_step, opened
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import FINAL_STATUSES, RunPurpose, WorkflowStatus

LATEST = 5
_AGENT, _WORKFLOW = "agent_id", "workflow_id"
_AT_ONCE = 500  # ids in one question to the store
_OPEN = [status for status in WorkflowStatus if status not in FINAL_STATUSES]


@dataclass(frozen=True)
class WorkflowUse:
    """A workflow with steps that name what is used; `steps` are their own names."""

    id: str
    name: str
    steps: tuple[str, ...]
    is_draft: bool = False
    is_archived: bool = False


@dataclass(frozen=True)
class AgentUses:
    """The workflows that ask an agent, and the runs that did or will; `latest` are the newest."""

    workflows: Sequence[WorkflowUse]
    runs: int
    latest: Sequence[str]

    @property
    def is_none(self) -> bool:
        """Whether nothing uses the agent."""
        return not self.workflows and not self.runs


async def uses_of(registry: ServiceRegistry, agent_id: str) -> AgentUses:
    """Return what uses an agent. Runs that only tried it do not count."""
    workflows = await _naming(registry, _AGENT, agent_id)
    runs = await _runs(registry, agent_id)
    return AgentUses(workflows, len(runs), runs[:LATEST])


async def check_workflow_unused(registry: ServiceRegistry, workflow_id: str, name: str) -> None:
    """Check that nothing would miss a workflow.

    Raises:
        NotPossible: it has runs, or is a step of another.
    """
    if await registry.get_repository("workflow").count({"definition_id": workflow_id}):
        raise NotPossible(f"{name!r} has runs, which tell of it: archive it instead.")
    found = await _naming(registry, _WORKFLOW, workflow_id)
    others = sorted({repr(use.name) for use in found if use.id != workflow_id})
    if others:
        raise NotPossible(
            f"{name!r} is a step of {', '.join(others)}: take it out there first, or archive it."
        )


async def _naming(registry: ServiceRegistry, field: str, id: str) -> list[WorkflowUse]:
    """Return the workflows with steps that have this id in a field."""
    saved = await registry.get_repository("workflow_definition").find_all()
    drafts = await registry.get_repository("workflow_draft").find_all()
    return [
        *(
            WorkflowUse(each.id, each.name, steps, is_archived=each.archived_at is not None)
            for each in saved
            if (steps := _steps_naming(each.steps, field, id))
        ),
        *(
            WorkflowUse(each.id, each.name, steps, is_draft=True)
            for each in drafts
            if (steps := _steps_naming(each.document.get("steps") or (), field, id))
        ),
    ]


async def _runs(registry: ServiceRegistry, agent_id: str) -> list[str]:
    """Return the runs that asked the agent, or are not over and name it, the newest first."""
    runs, tasks = registry.get_repository("workflow"), registry.get_repository("task")
    asked = await tasks.find_fields(["workflow_id"], {"agent_id": agent_id}, limit=None)
    ids = {row["workflow_id"] for row in asked if row["workflow_id"]}
    for run in await runs.find_all({"status": _OPEN}):
        if _steps_naming((run.definition or {}).get("steps") or (), _AGENT, agent_id):
            ids.add(run.id)
    known = sorted(ids)
    rows: list[Mapping[str, Any]] = []
    for first in range(0, len(known), _AT_ONCE):
        some = {"id": known[first : first + _AT_ONCE], "purpose": RunPurpose.WORK}
        rows += await runs.find_fields(["id", "created_at"], some, limit=None)
    rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    return [row["id"] for row in rows]


def _steps_naming(steps: Iterable[Mapping[str, Any]], field: str, id: str) -> tuple[str, ...]:
    return tuple(
        str(step.get("name", ""))
        for step in every_step([opened(step) for step in steps])
        if step.get(field) == id
    )
