"""What a step sees of its run: the values so far, the services, and a way to run other steps."""

import asyncio
from collections import ChainMap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from symphony_core.agent_config import AgentConfig
from symphony_core.approval import Approval, Question
from symphony_core.errors import StepFailed, SymphonyError
from symphony_core.orchestration import expressions
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.paths import resolve
from symphony_core.references import render

if TYPE_CHECKING:
    from symphony_core.registry import ServiceRegistry


class StepRunner(Protocol):
    """Runs a step at a path of a run."""

    async def run(self, step: WorkflowStep, context: "WorkflowContext") -> StepResult:
        """Run the step in a context of its own."""

    async def ask_person(self, path: str, question: Question) -> Approval:
        """Return the question with its answer."""


class DirectRunner:
    """Runs steps with nothing stored: for steps executed outside a run."""

    async def run(self, step: WorkflowStep, context: "WorkflowContext") -> StepResult:
        """Run the step."""
        return await step.execute(context)

    async def ask_person(self, path: str, question: Question) -> Approval:
        """Refuse: nobody would see the question."""
        raise StepFailed(f"{question.name!r} asks a person, and only a run can wait for that.")


class WorkflowContext:
    """A run's values, in layers: each step writes into its own and reads through to the outer ones.

    Keys are flat and dotted (`step.draft.result`); values are plain data.
    """

    def __init__(
        self,
        workflow_id: str,
        data: Mapping[str, Any] | None = None,
        service_registry: "ServiceRegistry | None" = None,
        *,
        runner: StepRunner | None = None,
        model: str | None = None,
        path: str = "",
    ) -> None:
        self.workflow_id = workflow_id
        self.model = model
        self.path = path
        self._layers: ChainMap[str, Any] = ChainMap(dict(data or {}))
        self._registry = service_registry
        self._runner = runner or DirectRunner()
        self._agents: dict[str, asyncio.Future[AgentConfig]] = {}

    @property
    def data(self) -> Mapping[str, Any]:
        """All values that can be seen from here."""
        return self._layers

    @property
    def inputs(self) -> dict[str, Any]:
        """The run's inputs: the values that no step left."""
        return {key: value for key, value in self._layers.items() if not key.startswith("step.")}

    @property
    def changes(self) -> dict[str, Any]:
        """The values set in this context itself."""
        return dict(self._layers.maps[0])

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value; a dotted key also walks into lists and dicts."""
        return resolve(key, self._layers, default)

    def set(self, key: str, value: Any) -> None:
        """Set a value."""
        self._layers[key] = value

    def update(self, changes: Mapping[str, Any]) -> None:
        """Set several values."""
        self._layers.maps[0].update(changes)

    def get_service(self, name: str) -> Any:
        """Return a service of the run's registry."""
        if self._registry is None:
            raise LookupError(f"This context has no registry to look up {name!r} in.")
        return self._registry.get_service(name)

    def resolve_template(self, template: Any) -> Any:
        """Fill every `{{path}}` in a text, or in all texts within a dict or list.

        Raises:
            TemplateError: a path has no value.
        """
        if isinstance(template, str):
            return render(template, self._layers)
        if isinstance(template, Mapping):
            return {key: self.resolve_template(value) for key, value in template.items()}
        if isinstance(template, list | tuple):
            return [self.resolve_template(value) for value in template]
        return template

    def evaluate_condition(self, condition: str) -> bool:
        """Tell whether a condition holds.

        Raises:
            ExpressionError: it cannot be read, or a value it needs is not there.
        """
        return expressions.evaluate(condition, self._layers)

    def forget(self) -> None:
        """Forget what was set in this context itself: the attempt that did it has failed."""
        self._layers.maps[0].clear()

    async def ask_person(self, question: Question) -> Approval:
        """Ask a person, and return the question with its answer.

        Raises:
            RunSuspended: there is none yet; the run goes on from here when there is.
        """
        return await self._runner.ask_person(self.path, question)

    async def agent_config(self, agent_id: str) -> AgentConfig:
        """Return an agent as it was when this run, in this process, first asked for it.

        Raises:
            EntityNotFound: no such agent.
        """
        if agent_id not in self._agents:
            finding = self.get_service("agent_factory").find_config(agent_id)
            self._agents[agent_id] = asyncio.ensure_future(finding)
        try:
            return await asyncio.shield(self._agents[agent_id])
        except SymphonyError:  # asked again, it may be there
            self._agents.pop(agent_id, None)
            raise

    def create_sub_context(
        self, data: Mapping[str, Any] | None = None, *, segment: str = ""
    ) -> "WorkflowContext":
        """Return a context that sees this one's values and keeps what is set in it to itself."""
        child = WorkflowContext.__new__(WorkflowContext)
        child.workflow_id = self.workflow_id
        child.model = self.model
        child.path = _join(self.path, segment)
        child._layers = ChainMap(dict(data) if data else {}, *self._layers.maps)
        child._registry = self._registry
        child._runner = self._runner
        child._agents = self._agents
        return child

    def create_scope(self, data: Mapping[str, Any]) -> "WorkflowContext":
        """Return a context at the same place that sees these values and none of this one's."""
        scope = self.create_sub_context()
        scope._layers = ChainMap(dict(data))
        return scope

    async def run_step(self, step: WorkflowStep) -> StepResult:
        """Run a step here and take over what it leaves."""
        child = self.create_sub_context(segment=step.id)
        result = await self._runner.run(step, child)
        if result.success:
            self.update(child.changes)
        return result

    async def run_steps(self, steps: Sequence[WorkflowStep]) -> StepResult:
        """Run steps one after the other up to the first failure; the last one's result counts."""
        result = StepResult(success=True)
        for step in steps:
            result = await self.run_step(step)
            if not result.success:
                return StepResult(False, error=failure(step, result), task_id=result.task_id)
        return result


def _join(path: str, segment: str) -> str:
    separator = "/" if path and segment and not segment.startswith("#") else ""
    return f"{path}{separator}{segment}"


def failure(step: WorkflowStep, result: StepResult) -> str:
    """Return the sentence for a step that failed inside another."""
    return f"Step {step.name!r} failed: {result.error or 'it gave no reason'}"
