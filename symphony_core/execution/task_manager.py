"""Creates and finds tasks."""

from typing import Any

from symphony_core.errors import EntityNotFound
from symphony_core.persistence.repository import Repository
from symphony_core.task import Task


class TaskManager:
    """The way to tasks for callers that need not know their store."""

    def __init__(self, task_repo: Repository[Task]) -> None:
        self._tasks = task_repo

    async def create_task(self, name: str, **fields: Any) -> Task:
        """Store a new task; `fields` are those of `Task`."""
        task = Task(name=name, **fields)
        await self._tasks.save(task)
        return task

    async def get_task(self, task_id: str) -> Task:
        """Return a stored task.

        Raises:
            EntityNotFound: no such task.
        """
        task = await self._tasks.find_by_id(task_id)
        if task is None:
            raise EntityNotFound("task", task_id)
        return task

    async def find_tasks(self, filter: dict[str, Any] | None = None) -> list[Task]:
        """Return the tasks whose fields equal the filter's."""
        return await self._tasks.find_all(filter)
