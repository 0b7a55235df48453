"""Ask one agent one thing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from symphony_core.agent_config import ASSISTANT, check_choices
from symphony_core.errors import DefinitionError
from symphony_core.execution.executor import EnhancedExecutor
from symphony_core.execution.observer import OBSERVER
from symphony_core.execution.retry import RetryPolicy
from symphony_core.execution.strategies.base import RoutingDecision
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.step import StepResult, WorkflowStep, check_timeout
from symphony_core.references import texts_in
from symphony_core.task import Task, TaskStatus


class TaskStep(WorkflowStep, type_name="task"):
    """Fills its task's template, finds an agent, and keeps the answer.

    Without an agent of its own the router chooses, and with no agents at all the assistant answers.
    A call that fails for a passing reason is tried again twice, unless `retry` says otherwise.
    Leaves `step.ID.result` (a text, or an object where the agent has a schema), `.name`, `.task_id` and `.agent_id`.
    """

    def __init__(
        self,
        name: str,
        task_template: Mapping[str, Any],
        agent_id: str | None = None,
        description: str = "",
        answer_choices: Sequence[str] | None = None,
        *,
        retry: RetryPolicy | None = None,
        timeout_s: float | None = None,
        retry_after_crash: bool = True,
    ) -> None:
        super().__init__(name, description)
        self.retry = retry or RetryPolicy()
        self.timeout_s = check_timeout(name, timeout_s)
        self.retry_after_crash = retry_after_crash
        self.task_template = dict(task_template)
        self.agent_id = agent_id
        try:
            self.answer_choices = check_choices(list(answer_choices) if answer_choices else None)
        except ValueError as error:
            raise DefinitionError(f"The step {name!r}: {error}.") from None

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Ask the agent."""
        observer = OBSERVER.get()
        fields = {"name": self.name, **context.resolve_template(self.task_template)}
        task = Task(**fields, workflow_id=context.workflow_id)
        agent_id = await self._choose_agent(context, task)
        config = await context.agent_config(agent_id)
        needs_inputs = config.has_references or config.capabilities.tools
        variables = context.inputs if needs_inputs else None
        agent = await context.get_service("agent_factory").create_agent(
            config, model=context.model, variables=variables
        )
        executor: EnhancedExecutor = context.get_service("enhanced_executor")
        keep = observer.keep if observer else None
        failure = await executor.execute(task, agent, choices=self.answer_choices, keep=keep)
        if task.status != TaskStatus.COMPLETED:
            return StepResult(False, error=task.error, task_id=task.id, failure=failure)
        answer = task.output_data["result"]
        context.set(f"step.{self.id}.name", self.name)
        context.set(f"step.{self.id}.result", answer)
        context.set(f"step.{self.id}.task_id", task.id)
        context.set(f"step.{self.id}.agent_id", agent_id)
        return StepResult(True, {"result": answer, "agent_id": agent_id}, task_id=task.id)

    async def _choose_agent(self, context: WorkflowContext, task: Task) -> str:
        if self.agent_id is not None:
            return self.agent_id
        decision: RoutingDecision = await context.get_service("task_router").decide(task)
        observer = OBSERVER.get()
        if observer is not None:
            observer.routed(decision)
        return decision.agent_id or ASSISTANT.id

    def templates(self) -> Iterable[str]:
        """Return all texts of the task's template."""
        return texts_in(self.task_template)

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        data = {**super().to_dict(), "task_template": self.task_template, "agent_id": self.agent_id}
        return {**data, "answer_choices": self.answer_choices} if self.answer_choices else data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data."""
        return cls(
            name=data["name"],
            task_template=data["task_template"],
            agent_id=data.get("agent_id"),
            description=data.get("description", ""),
            answer_choices=data.get("answer_choices"),
        )
