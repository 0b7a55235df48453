"""Puts the application together: one registry whose repositories share one database."""

from symphony_core.agent_config import ASSISTANT
from symphony_core.errors import Conflict
from symphony_core.orchestration import register_orchestration_components
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.registry import ENTITY_TYPES, ServiceRegistry
from symphony_core.runtime.samples import add_samples
from symphony_core.runtime.settings import database_url, tools_file
from symphony_core.store_mark import StoreMark


def open_registry(url: str | None = None) -> ServiceRegistry:
    """Return a registry over the database, by default the one the environment names."""
    url = url or database_url()
    registry = ServiceRegistry()
    registry.tools.configure(tools_file())
    for name, entity_type in ENTITY_TYPES.items():
        registry.register_repository(name, SQLModelRepository(entity_type, url))
    register_orchestration_components(registry, SQLModelRepository(WorkflowDefinition, url))
    return registry


async def fill_new_store(registry: ServiceRegistry) -> None:
    """Put the built-in assistant and the sample runs into a store that is used for the first time."""
    try:
        await registry.get_repository("store_mark").insert(StoreMark(id="filled"))
    except Conflict:
        return
    await registry.get_repository("agent_config").save(ASSISTANT.model_copy(deep=True))
    await add_samples(registry)
