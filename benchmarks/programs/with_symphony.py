"""The works in Symphony: `function` steps are the counterpart of the peers', `agent` steps ask a model."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

from works import TEXT, Execute, Shape, tell

from symphony_core.agent_config import ASSISTANT, AgentSettings
from symphony_core.agents.factory import AgentFactory
from symphony_core.models.base import OnText, Prompt, Reply
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.steps import ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import WorkflowStatus


class FunctionStep(WorkflowStep, type_name="benchmark_function"):
    """Answers by itself."""

    def __init__(self, name: str, seconds: float, description: str = "") -> None:
        super().__init__(name, description)
        self.seconds = seconds

    async def execute(self, context: WorkflowContext) -> StepResult:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        return StepResult(True, {"result": TEXT})

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "seconds": self.seconds}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["name"], data["seconds"], data.get("description", ""))


class FixedModel:
    """Says its text after as many seconds as its prompt says."""

    name = "fixed"
    label = "Fixed text"
    remark = None

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        if seconds := float(prompt.text):
            await asyncio.sleep(seconds)
        if on_text is not None:
            on_text(TEXT)
        return Reply(TEXT, self.name)


class Symphony:
    def __init__(self, registry: ServiceRegistry, kind: str) -> None:
        self._registry = registry
        self._kind = kind

    def prepare(self, shape: Shape) -> Execute:
        engine: WorkflowEngine = self._registry.get_service("workflow_engine")
        steps = [self._step(f"Step {number}", shape.seconds) for number in range(shape.steps)]
        if shape.parallel:
            steps = [ParallelStep("All", steps, max_concurrency=shape.steps)]
        definition = WorkflowDefinition(name="Benchmark")
        for step in steps:
            definition = definition.add_step(step)

        async def execute() -> None:
            run = await engine.execute_workflow(definition)
            if run.status != WorkflowStatus.COMPLETED:
                raise SystemExit(run.error)

        return execute

    def _step(self, name: str, seconds: float) -> WorkflowStep:
        if self._kind == "function":
            return FunctionStep(name, seconds)
        return TaskStep(name, {"input_data": {"query": str(seconds)}}, ASSISTANT.id)

    async def stored(self) -> int:
        return await self._registry.get_repository("step_run").count({"output": TEXT})


@asynccontextmanager
async def open_symphony(folder: Path, kind: str) -> AsyncIterator[Symphony]:
    registry = open_registry(f"sqlite:///{folder / 'symphony.db'}")
    model = FixedModel()

    async def open_it(_name: str | None) -> tuple[FixedModel, AgentSettings]:
        return model, AgentSettings()

    registry.register_factory(
        "agent_factory", lambda r: AgentFactory(r.get_repository("agent_config"), open_it)
    )
    await registry.get_repository("agent_config").save(ASSISTANT.model_copy(deep=True))
    yield Symphony(registry, kind)


if __name__ == "__main__":
    tell(partial(open_symphony, kind=sys.argv.pop()))
