"""Workflows: their definition, their steps, and the engine that runs them."""

from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import WorkflowTemplates
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.repository import Repository
from symphony_core.registry import ServiceRegistry

__all__ = ["register_orchestration_components"]


def register_orchestration_components(
    registry: ServiceRegistry,
    workflow_definition_repository: Repository[WorkflowDefinition] | None = None,
) -> None:
    """Add the engine, the templates and a place for definitions to a registry.

    Definitions are kept in memory unless a repository is given or registered already.
    """
    if workflow_definition_repository is not None:
        registry.register_repository("workflow_definition", workflow_definition_repository)
    elif not registry.has_repository("workflow_definition"):
        registry.register_repository("workflow_definition", InMemoryRepository(WorkflowDefinition))
    registry.register_factory("workflow_engine", WorkflowEngine)
    registry.register_service("workflow_templates", WorkflowTemplates())
