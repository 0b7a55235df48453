"""Runs a workflow without asking a model or a person, to see its way and its finished prompts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.agents.factory import AgentFactory
from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.errors import NotPossible
from symphony_core.models.base import LanguageModel
from symphony_core.models.scripted import ScriptedModel
from symphony_core.orchestration import register_orchestration_components
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import walk_nested
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun
from symphony_core.workflow import RunLimits, Workflow, WorkflowStatus

MOST_CALLS = 300


@dataclass(frozen=True)
class DryRun:
    """What became of it: the run, which is stored nowhere, its steps in order of time, its questions."""

    run: Workflow
    steps: list[StepRun]
    approvals: list[Approval]


async def dry_run(
    definition: WorkflowDefinition, inputs: dict[str, Any], agents: Iterable[AgentConfig]
) -> DryRun:
    """Run a workflow in memory: canned text for every answer, and every question approved.

    It ends, paused, before it asks the scripted model more than 300 times.

    Raises:
        DefinitionError: it cannot run with these inputs.
        NotPossible: it has a step of somebody's own, which might do anything.
    """
    _refuse_own_types(definition)
    registry = _registry(agents)
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    limits = RunLimits(model_calls=MOST_CALLS)
    run = await engine.execute_workflow(definition, inputs, limits=limits)
    while run.status == WorkflowStatus.WAITING:
        for question in await engine.control.questions(run.id):
            await engine.control.answer(question.id, ApprovalStatus.APPROVED)
        run = await engine.run_workflow(run.id)
    steps = await registry.get_repository("step_run").find_all({"run_id": run.id})
    approvals = await registry.get_repository("approval").find_all({"run_id": run.id})
    return DryRun(run, sorted(steps, key=lambda step: step.started_at), approvals)


def _refuse_own_types(definition: WorkflowDefinition) -> None:
    for step in walk_nested(definition.get_steps()):
        if not type(step).__module__.startswith("symphony_core."):
            raise NotPossible(
                f"The step {step.name!r} is of the type {step.type_name!r}, which is somebody's own "
                "and might do anything: only a real run can show what it does."
            )


def _idle(agent: AgentConfig) -> AgentConfig:
    """Nothing calls a tool here, and no server is to be started for one.

    It is stored there once, and keeps the number that its version has in the real store.
    """
    capabilities = agent.capabilities.model_copy(update={"tools": []})
    number = {"number": agent.saved_number, "numbered_at": 1}
    return agent.model_copy(update={**number, "capabilities": capabilities})


def _registry(agents: Iterable[AgentConfig]) -> ServiceRegistry:
    """Return a registry in memory in which every model is the scripted one."""
    model = ScriptedModel(delay_s=0)

    async def open_model(name: str | None) -> tuple[LanguageModel, AgentSettings]:
        return model, AgentSettings()

    registry = ServiceRegistry()
    idle = map(_idle, agents)
    registry.register_repository("agent_config", InMemoryRepository(AgentConfig, idle))
    registry.register_factory(
        "agent_factory",
        lambda made: AgentFactory(made.get_repository("agent_config"), open_model),
    )
    register_orchestration_components(registry)
    return registry
