"""Puts the application together: one registry whose repositories share one database."""

from symphony_core.agent_config import ASSISTANT
from symphony_core.errors import Conflict
from symphony_core.orchestration import register_orchestration_components
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.registry import ENTITY_TYPES, ServiceRegistry
from symphony_core.runtime.settings import database_url


def open_registry(url: str | None = None) -> ServiceRegistry:
    """Return a registry over the database, by default the one the environment names."""
    url = url or database_url()
    registry = ServiceRegistry()
    for name, entity_type in ENTITY_TYPES.items():
        registry.register_repository(name, SQLModelRepository(entity_type, url))
    register_orchestration_components(registry, SQLModelRepository(WorkflowDefinition, url))
    return registry


async def add_first_agents(registry: ServiceRegistry) -> None:
    """Store the built-in assistant where no agent has been made yet."""
    agents = registry.get_repository("agent_config")
    if await agents.count() == 0:
        try:
            await agents.insert(ASSISTANT.model_copy(deep=True))
        except Conflict:
            return  # another process was quicker
