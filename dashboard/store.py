"""The dashboard's hold on the store: one registry for each database, opened when first needed."""

from functools import cache
from typing import Any

from dashboard.bridge import wait_for
from dashboard.snapshots import FigureCache, Snapshots
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.persistence.repository import Repository
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import fill_new_store, open_registry
from symphony_core.runtime.settings import database_url


def registry() -> ServiceRegistry:
    """Return the registry of the database that the environment names."""
    return _registry(database_url())


def snapshots() -> Snapshots:
    """Return what is known of the runs looked at last."""
    return _snapshots(database_url())


def figures() -> FigureCache:
    """Return the figures of the home page."""
    return _figures(database_url())


def repository(name: str) -> Repository[Any]:
    """Return a repository by its name."""
    return registry().get_repository(name)


def engine() -> WorkflowEngine:
    """Return the engine, to start and cancel runs with; it runs none here."""
    engine: WorkflowEngine = registry().get_service("workflow_engine")
    return engine


@cache
def _registry(url: str) -> ServiceRegistry:
    registry = open_registry(url)
    wait_for(fill_new_store(registry))
    return registry


@cache
def _figures(url: str) -> FigureCache:
    return FigureCache(_registry(url))


@cache
def _snapshots(url: str) -> Snapshots:
    return Snapshots(_registry(url))
