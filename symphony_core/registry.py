"""The guide's `ServiceRegistry`: repositories and services by name, built when first asked for."""

from collections.abc import Callable
from threading import RLock
from typing import Any, ClassVar, Self

from symphony_core.agent_config import ASSISTANT, AgentConfig
from symphony_core.agent_version import AgentVersion
from symphony_core.agents.factory import AgentFactory
from symphony_core.agents.model_profiles import ModelProfiles
from symphony_core.approval import Approval
from symphony_core.errors import ServiceNotRegistered
from symphony_core.execution.executor import EnhancedExecutor
from symphony_core.execution.load import AgentLoad
from symphony_core.execution.router import RoutingStrategy, TaskRouter
from symphony_core.execution.task_manager import TaskManager
from symphony_core.execution.workflow_tracker import WorkflowTracker
from symphony_core.model_profile import ModelProfile
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.repository import Repository
from symphony_core.run_event import RunEvent
from symphony_core.run_lease import RunLease, RunRequest
from symphony_core.step_run import StepRun
from symphony_core.store_mark import StoreMark
from symphony_core.store_settings import StoreSettings
from symphony_core.task import Task
from symphony_core.tools.registry import ToolRegistry
from symphony_core.worker_beat import WorkerBeat
from symphony_core.workflow import Workflow
from symphony_core.workflow_draft import WorkflowDraft
from symphony_core.workflow_version import WorkflowVersion

ServiceFactory = Callable[["ServiceRegistry"], Any]

ENTITY_TYPES: dict[str, type[Any]] = {
    "task": Task,
    "workflow": Workflow,
    "agent_config": AgentConfig,
    "agent_version": AgentVersion,
    "model_profile": ModelProfile,
    "step_run": StepRun,
    "run_event": RunEvent,
    "run_lease": RunLease,
    "run_request": RunRequest,
    "worker_beat": WorkerBeat,
    "store_mark": StoreMark,
    "store_settings": StoreSettings,
    "approval": Approval,
    "workflow_draft": WorkflowDraft,
    "workflow_version": WorkflowVersion,
}


class ServiceRegistry:
    """Where callers find repositories and services.

    A fresh one works at once: repositories that nobody registered are in memory, the agents' one
    holding the built-in assistant. Registering a repository rebuilds the services that use it.
    Nothing here is bound to an event loop.
    """

    _instance: ClassVar[Self | None] = None
    _lock: ClassVar[RLock] = RLock()

    def __init__(self) -> None:
        self._repositories: dict[str, Repository[Any]] = {}
        self._services: dict[str, Any] = {}
        self._factories: dict[str, ServiceFactory] = dict(_FACTORIES)
        self._built: dict[str, Any] = {}
        self._load = AgentLoad()
        self._tools = ToolRegistry()

    @classmethod
    def get_instance(cls) -> Self:
        """Return the process's own registry."""
        with cls._lock:
            if cls._instance is None:
                cls._instance = cls()
            return cls._instance

    def register_repository(self, name: str, repository: Repository[Any]) -> None:
        """Put a repository under a name."""
        with self._lock:
            self._repositories[name] = repository
            self._built.clear()

    def get_repository(self, name: str) -> Repository[Any]:
        """Return the repository of that name, an in-memory one where none was registered.

        Raises:
            ServiceNotRegistered: no entity is known by that name.
        """
        with self._lock:
            if name not in self._repositories and name in ENTITY_TYPES:
                initial = [ASSISTANT] if name == "agent_config" else []
                self._repositories[name] = InMemoryRepository(ENTITY_TYPES[name], initial)
            if name not in self._repositories:
                raise ServiceNotRegistered(
                    f"No repository is registered as {name!r}. Call register_repository first"
                    + _or_orchestration(name)
                )
            return self._repositories[name]

    def has_repository(self, name: str) -> bool:
        """Tell whether a repository of that name is there already."""
        return name in self._repositories

    def register_service(self, name: str, service: Any) -> None:
        """Put a service under a name."""
        self._services[name] = service

    def register_factory(self, name: str, build: ServiceFactory) -> None:
        """Say how a service is built when it is first asked for."""
        with self._lock:
            self._factories[name] = build
            self._built.pop(name, None)

    def get_service(self, name: str) -> Any:
        """Return the service of that name.

        Raises:
            ServiceNotRegistered: nothing is known by that name.
        """
        with self._lock:
            if name in self._services:
                return self._services[name]
            if name not in self._factories:
                raise ServiceNotRegistered(
                    f"No service is registered as {name!r}. Call register_service first"
                    + _or_orchestration(name)
                )
            if name not in self._built:
                self._built[name] = self._factories[name](self)
            return self._built[name]

    @property
    def load(self) -> AgentLoad:
        """What every agent has in hand; shared by all routers and executors made here."""
        return self._load

    @property
    def tools(self) -> ToolRegistry:
        """The tools that agents may be given; `tools.register` adds a function."""
        return self._tools

    def get_task_manager(self) -> TaskManager:
        """Return the task manager."""
        manager: TaskManager = self.get_service("task_manager")
        return manager

    def get_agent_factory(self) -> AgentFactory:
        """Return the agent factory."""
        factory: AgentFactory = self.get_service("agent_factory")
        return factory

    def get_model_profiles(self) -> ModelProfiles:
        """Return the models of the store."""
        profiles: ModelProfiles = self.get_service("model_profiles")
        return profiles

    def get_workflow_tracker(self) -> WorkflowTracker:
        """Return the workflow tracker."""
        tracker: WorkflowTracker = self.get_service("workflow_tracker")
        return tracker

    def get_enhanced_executor(self) -> EnhancedExecutor:
        """Return the executor."""
        executor: EnhancedExecutor = self.get_service("enhanced_executor")
        return executor

    def get_task_router(self, strategy: RoutingStrategy | None = None) -> TaskRouter:
        """Return a router of that strategy, or the one that workflows use.

        A router with a strategy of its own is new each time, so that changing it changes nothing
        elsewhere; what the agents have in hand is counted together.
        """
        if strategy is not None:
            return TaskRouter(self.get_repository("agent_config"), strategy, self._load)
        router: TaskRouter = self.get_service("task_router")
        return router


def _or_orchestration(name: str) -> str:
    orchestration = {"workflow_definition", "workflow_engine", "workflow_templates"}
    return ", or register_orchestration_components(registry)." if name in orchestration else "."


_FACTORIES: dict[str, ServiceFactory] = {
    "task_manager": lambda r: TaskManager(r.get_repository("task")),
    "model_profiles": lambda r: ModelProfiles(
        r.get_repository("model_profile"),
        r.get_repository("agent_config"),
        r.get_repository("store_settings"),
    ),
    "agent_factory": lambda r: AgentFactory(
        r.get_repository("agent_config"), r.get_model_profiles().open, r.tools
    ),
    "workflow_tracker": lambda r: WorkflowTracker(
        r.get_repository("workflow"), r.get_repository("task")
    ),
    "enhanced_executor": lambda r: EnhancedExecutor(
        r.get_repository("task"), r.get_workflow_tracker(), r.load
    ),
    "task_router": lambda r: TaskRouter(r.get_repository("agent_config"), load=r.load),
}
