"""Executes stored tasks with agents: once, again on failure, or many side by side."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from symphony_core.agents.base import Agent
from symphony_core.errors import EntityNotFound
from symphony_core.execution.load import AgentLoad
from symphony_core.execution.observer import OBSERVER
from symphony_core.execution.retry import Failure, RetryPolicy, attempts
from symphony_core.execution.workflow_tracker import WorkflowTracker
from symphony_core.models.base import Reply
from symphony_core.outcomes import describe, outcome
from symphony_core.persistence.repository import Repository
from symphony_core.task import Task, TaskStatus

PreHook = Callable[[Task, Agent], Awaitable[None] | None]
PostHook = Callable[[Task, Agent, str], Awaitable[None] | None]


class EnhancedExecutor:
    """Runs tasks and stores what became of them.

    A failure of the agent is the task's status and error, not an exception; only a cancelled
    caller and an unknown task raise.
    """

    def __init__(
        self,
        task_repo: Repository[Task],
        tracker: WorkflowTracker | None = None,
        load: AgentLoad | None = None,
    ) -> None:
        self._tasks = task_repo
        self._tracker = tracker
        self._load = load or AgentLoad()

    async def execute_task(
        self,
        task_id: str,
        agent: Agent,
        workflow_id: str | None = None,
        context: dict[str, Any] | None = None,
        pre_execution_hook: PreHook | None = None,
        post_execution_hook: PostHook | None = None,
        *,
        choices: Sequence[str] | None = None,
    ) -> Task:
        """Ask the agent the task's query and return the stored task.

        `output_data` then holds the answer as `result`, a text or what the agent's schema asks
        for, and `context` where one was given.

        Raises:
            EntityNotFound: no such task.
        """
        task = await self._find(task_id)
        task.workflow_id = workflow_id or task.workflow_id
        await self.execute(
            task,
            agent,
            context=context,
            choices=choices,
            before=pre_execution_hook,
            after=post_execution_hook,
        )
        return task

    async def execute(
        self,
        task: Task,
        agent: Agent,
        *,
        choices: Sequence[str] | None = None,
        context: dict[str, Any] | None = None,
        before: PreHook | None = None,
        after: PostHook | None = None,
        keep: Callable[[Task], None] | None = None,
    ) -> Failure | None:
        """Execute a task that need not be stored yet; return what there is to know of a failure.

        `keep` is for callers who store the task themselves.
        """
        failure: Failure | None = None
        self._load.assign(task.id, agent.id)
        task.mark_running(agent.id)
        try:
            await self._store(task, keep)
            await _call_hook(before, task, agent)
            reply = await outcome(_generate(task, agent, choices))
            if isinstance(reply, Reply):
                task.mark_completed(_output(reply, context))
                await _call_hook(after, task, agent, reply.text)
            else:
                failure = _note_failure(task, reply)
        finally:
            self._load.release(task.id)
            if task.status == TaskStatus.RUNNING:  # cancelled, or an exception ends the program
                task.mark_cancelled()
            storing = self._store(task, keep)
            await (asyncio.shield(storing) if keep is None else storing)  # to keep takes no time
        return failure

    async def execute_with_retry(
        self,
        task_id: str,
        agent: Agent,
        max_retries: int = 3,
        retry_delay: float = 1.0,
        workflow_id: str | None = None,
    ) -> Task:
        """Execute up to `max_retries` + 1 times, where the failure may pass.

        The first wait is `retry_delay` seconds, or what the provider asks for; each one after it
        is twice as long, with some chance in it. `metadata["attempts"]` counts the attempts; a
        final error names their number.
        """
        made = 0

        async def attempt() -> Task:
            nonlocal made
            made += 1
            task = await self.execute_task(task_id, agent, workflow_id)
            task.metadata = {**task.metadata, "attempts": made}
            return task

        async def before_wait(task: Task, seconds: float) -> None:
            await self._store(task)

        policy = RetryPolicy(max_retries=max_retries, delay_s=retry_delay)
        task = await attempts(attempt, policy, _failure_of, before_wait)
        if task.status == TaskStatus.FAILED and made > 1:
            task.error = f"Failed after {made} attempts: {task.error}"
        await self._store(task)
        return task

    async def batch_execute(
        self,
        task_agent_pairs: Sequence[tuple[str, Agent]],
        workflow_id: str | None = None,
        max_concurrent: int = 5,
    ) -> list[Task]:
        """Execute many, at most `max_concurrent` at a time; results in the order of the input.

        Raises:
            EntityNotFound: one of the tasks is not there; then none is started.
        """
        if max_concurrent < 1:
            raise ValueError(f"max_concurrent must be at least 1, not {max_concurrent!r}")
        for task_id, _ in task_agent_pairs:
            await self._find(task_id)
        gate = asyncio.Semaphore(max_concurrent)

        async def execute(task_id: str, agent: Agent) -> Task:
            async with gate:
                return await self.execute_task(task_id, agent, workflow_id)

        return list(await asyncio.gather(*(execute(*pair) for pair in task_agent_pairs)))

    async def _find(self, task_id: str) -> Task:
        task = await self._tasks.find_by_id(task_id)
        if task is None:
            raise EntityNotFound("task", task_id)
        return task

    async def _store(self, task: Task, keep: Callable[[Task], None] | None = None) -> None:
        if keep is not None:
            keep(task)
            return
        await self._tasks.save(task)
        if self._tracker is not None and task.workflow_id is not None:
            await self._tracker.sync_workflow_status(task.workflow_id)


async def _generate(task: Task, agent: Agent, choices: Sequence[str] | None) -> Reply:
    observer = OBSERVER.get()
    prompt = agent.prompt(task.query, choices)
    if observer is None:
        return await agent.answer(prompt)
    observer.asked(task, agent, prompt)
    return await agent.answer(prompt, observer)


def _note_failure(task: Task, error: BaseException) -> Failure:
    failure = Failure.of(error)
    task.mark_failed(describe(error))
    details = {"type": type(error).__name__, **failure.model_dump(exclude_none=True)}
    task.metadata = {**task.metadata, "error_details": details}
    return failure


def _failure_of(task: Task) -> Failure | None:
    details = task.metadata.get("error_details", {})
    failed = task.status == TaskStatus.FAILED
    return Failure.model_validate(details) if failed else None


async def _call_hook(hook: Callable[..., Any] | None, task: Task, *arguments: Any) -> None:
    """Call a hook, plain or async; one that fails is noted in the metadata and fails nothing."""
    if hook is None:
        return

    async def call() -> None:
        returned = hook(task, *arguments)
        if inspect.isawaitable(returned):
            await returned

    error = await outcome(call())
    if error is not None:
        name = getattr(hook, "__name__", type(hook).__name__)
        noted = [*task.metadata.get("hook_errors", []), f"{name}: {describe(error)}"]
        task.metadata = {**task.metadata, "hook_errors": noted}


def _output(reply: Reply, context: dict[str, Any] | None) -> dict[str, Any]:
    result = reply.text if reply.data is None else reply.data
    output: dict[str, Any] = {"result": result, "model": reply.model}
    return output if context is None else {**output, "context": context}
