"""Where a workflow of tasks stands."""

import asyncio

import pytest

from symphony_core.errors import EntityNotFound
from symphony_core.execution.workflow_tracker import Workflow, WorkflowStatus
from symphony_core.registry import ServiceRegistry
from symphony_core.task import Task, TaskStatus


async def workflow_with(registry: ServiceRegistry, *statuses: TaskStatus) -> Workflow:
    tracker = registry.get_workflow_tracker()
    workflow = await tracker.create_workflow(name="W", description="d")
    for status in statuses:
        task = Task(name="T", status=status)
        await registry.get_repository("task").save(task)
        await tracker.add_task_to_workflow(workflow.id, task.id)
    return workflow


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), "pending"),
        (("completed", "completed"), "completed"),
        (("completed", "pending"), "running"),
        (("completed", "running"), "running"),
        (("completed", "failed", "running"), "failed"),
        (("completed", "cancelled"), "cancelled"),
    ],
)
async def test_the_status_is_worked_out_from_the_tasks(
    registry: ServiceRegistry, statuses: tuple[TaskStatus, ...], expected: str
) -> None:
    workflow = await workflow_with(registry, *statuses)
    tracker = registry.get_workflow_tracker()
    assert await tracker.compute_workflow_status(workflow.id) == expected
    assert (await tracker.sync_workflow_status(workflow.id)).status == expected


async def test_a_task_is_added_once(registry: ServiceRegistry) -> None:
    workflow = await workflow_with(registry, TaskStatus.PENDING)
    tracker = registry.get_workflow_tracker()
    [task] = await tracker.get_workflow_tasks(workflow.id)
    await tracker.add_task_to_workflow(workflow.id, task.id)
    assert (await tracker.get_workflow(workflow.id)).task_ids == [task.id]


@pytest.mark.parametrize("status", ["paused", "cancelled"])
async def test_what_a_person_set_is_not_computed_away(
    registry: ServiceRegistry, status: str
) -> None:
    workflow = await workflow_with(registry, TaskStatus.COMPLETED)
    tracker = registry.get_workflow_tracker()
    await tracker.update_workflow_status(workflow.id, WorkflowStatus(status))
    assert (await tracker.sync_workflow_status(workflow.id)).status == status


async def test_many_tasks_added_at_once_are_all_there(registry: ServiceRegistry) -> None:
    workflow = await workflow_with(registry)
    tasks = [Task(name="T") for _ in range(20)]
    for task in tasks:
        await registry.get_repository("task").save(task)
    tracker = registry.get_workflow_tracker()
    await asyncio.gather(*(tracker.add_task_to_workflow(workflow.id, t.id) for t in tasks))
    assert len(await tracker.get_workflow_tasks(workflow.id)) == 20


async def test_the_start_is_kept_when_work_goes_on(registry: ServiceRegistry) -> None:
    workflow = await workflow_with(registry, TaskStatus.RUNNING)
    tracker = registry.get_workflow_tracker()
    started = (await tracker.sync_workflow_status(workflow.id)).started_at
    await tracker.update_workflow_status(workflow.id, WorkflowStatus.COMPLETED)
    again = await tracker.update_workflow_status(workflow.id, WorkflowStatus.RUNNING)
    assert again.started_at == started
    assert again.completed_at is None


async def test_what_is_not_there_is_named(registry: ServiceRegistry) -> None:
    workflow = await workflow_with(registry)
    tracker = registry.get_workflow_tracker()
    with pytest.raises(EntityNotFound, match="workflow 'nowhere'"):
        await tracker.get_workflow("nowhere")
    with pytest.raises(EntityNotFound, match="task 'nowhere'"):
        await tracker.add_task_to_workflow(workflow.id, "nowhere")
