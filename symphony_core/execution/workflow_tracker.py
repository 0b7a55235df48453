"""Keeps tasks together as a workflow and works out where it stands."""

from collections.abc import Callable
from typing import Any

from symphony_core.errors import Conflict, EntityNotFound
from symphony_core.persistence.repository import Repository
from symphony_core.task import Task, TaskStatus
from symphony_core.workflow import Workflow, WorkflowStatus

__all__ = ["Workflow", "WorkflowStatus", "WorkflowTracker"]

_ATTEMPTS = 50  # a change repeated that often against others' has met a fault, not a rush


class WorkflowTracker:
    """Tracks workflows whose tasks are executed one by one.

    Runs of a definition are the engine's: it alone knows whether more steps follow, so their
    status is never computed from their tasks.
    """

    def __init__(self, workflow_repo: Repository[Workflow], task_repo: Repository[Task]) -> None:
        self._workflows = workflow_repo
        self._tasks = task_repo

    async def create_workflow(self, name: str, **fields: Any) -> Workflow:
        """Store a new workflow; `fields` are those of `Workflow`."""
        workflow = Workflow(name=name, **fields)
        await self._workflows.save(workflow)
        return workflow

    async def get_workflow(self, workflow_id: str) -> Workflow:
        """Return a stored workflow.

        Raises:
            EntityNotFound: no such workflow.
        """
        workflow = await self._workflows.find_by_id(workflow_id)
        if workflow is None:
            raise EntityNotFound("workflow", workflow_id)
        return workflow

    async def add_task_to_workflow(self, workflow_id: str, task_id: str) -> Workflow:
        """Add a stored task; adding it again changes nothing."""
        if await self._tasks.find_by_id(task_id) is None:
            raise EntityNotFound("task", task_id)
        return await self._change(workflow_id, lambda workflow: workflow.add_task(task_id))

    async def update_workflow_status(
        self, workflow_id: str, status: WorkflowStatus, error: str | None = None
    ) -> Workflow:
        """Set the status by hand."""
        wanted = WorkflowStatus(status)
        return await self._change(workflow_id, lambda workflow: workflow.mark(wanted, error))

    async def get_workflow_tasks(self, workflow_id: str) -> list[Task]:
        """Return the workflow's tasks in the order they were added."""
        workflow = await self.get_workflow(workflow_id)
        added = [await self._tasks.find_by_id(task_id) for task_id in workflow.task_ids]
        executed = await self._tasks.find_all({"workflow_id": workflow_id})
        known = set(workflow.task_ids)
        return [t for t in added if t is not None] + [t for t in executed if t.id not in known]

    async def compute_workflow_status(self, workflow_id: str) -> WorkflowStatus:
        """Return the status that the tasks amount to; a run of a definition has its own."""
        workflow = await self.get_workflow(workflow_id)
        if workflow.definition is not None:
            return workflow.status
        return _status_of(await self.get_workflow_tasks(workflow_id))

    async def sync_workflow_status(self, workflow_id: str) -> Workflow:
        """Store the computed status; a paused or cancelled workflow stays as it is."""
        workflow = await self.get_workflow(workflow_id)
        held = (WorkflowStatus.PAUSED, WorkflowStatus.CANCELLED)
        if workflow.definition is not None or workflow.status in held:
            return workflow
        tasks = await self.get_workflow_tasks(workflow_id)
        status, error = _status_of(tasks), next((t.error for t in tasks if t.error), None)
        if status == workflow.status and error == workflow.error:
            return workflow
        return await self._change(workflow_id, lambda workflow: workflow.mark(status, error))

    async def _change(self, workflow_id: str, change: Callable[[Workflow], None]) -> Workflow:
        for _ in range(_ATTEMPTS):
            workflow = await self.get_workflow(workflow_id)
            change(workflow)
            try:
                await self._workflows.save(workflow)
            except Conflict:
                continue
            return workflow
        raise Conflict("workflow", workflow_id)


def _status_of(tasks: list[Task]) -> WorkflowStatus:
    statuses = {task.status for task in tasks}
    if not statuses:
        return WorkflowStatus.PENDING
    if TaskStatus.FAILED in statuses:
        return WorkflowStatus.FAILED
    if statuses & {TaskStatus.RUNNING, TaskStatus.PENDING}:
        return WorkflowStatus.RUNNING
    return (
        WorkflowStatus.CANCELLED if TaskStatus.CANCELLED in statuses else WorkflowStatus.COMPLETED
    )
