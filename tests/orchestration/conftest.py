"""The three kinds of store, under the engine."""

from pathlib import Path

import pytest

from symphony_core.orchestration import register_orchestration_components
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.registry import ENTITY_TYPES, ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry


@pytest.fixture(params=["memory", "files", "sql"])
def store(
    request: pytest.FixtureRequest, registry: ServiceRegistry, tmp_path: Path
) -> ServiceRegistry:
    """A registry over each kind of store."""
    if request.param == "memory":
        return registry
    if request.param == "sql":
        return open_registry(f"sqlite:///{tmp_path / 's.db'}")
    in_files = ServiceRegistry()
    for name, entity_type in ENTITY_TYPES.items():
        in_files.register_repository(name, FileSystemRepository(entity_type, tmp_path / name))
    definitions = FileSystemRepository(WorkflowDefinition, tmp_path / "definitions")
    register_orchestration_components(in_files, definitions)
    return in_files
