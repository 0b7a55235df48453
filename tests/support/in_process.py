"""The tale, run in the test's own process, with something done while its second question is asked."""

import asyncio
from typing import Any

from symphony_core.ids import Clock, utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import Workflow
from tests.support.ledger import Ledger
from tests.support.processes import until
from tests.support.subjects import INPUTS
from tests.support.tale import WRITER, tale


class Scene:
    """A run of the tale that stands at the question `facts` until `finish`."""

    def __init__(self, ledger: Ledger, name: str, clock: Clock = utc_now) -> None:
        self.registry: ServiceRegistry = open_registry()
        self.definition: WorkflowDefinition = tale()
        self._engine = WorkflowEngine(self.registry, clock=clock)
        self._ledger = ledger
        self._name = name
        self._hold = ledger.hold(name, "facts")

    async def begin(self) -> Workflow:
        """Start the run, and return it as it is when it stands."""
        await self.registry.get_repository("agent_config").save(WRITER.model_copy())
        await self.registry.get_repository("workflow_definition").save(self.definition)
        model = f"openai-chat:{self._name}"
        running = self._engine.execute_workflow(self.definition, INPUTS, model=model)
        self._running = asyncio.create_task(running)

        async def look() -> bool:
            return "facts" in self.asked()

        await until(look)
        (run,) = await self.registry.get_repository("workflow").find_all()
        return run

    async def finish(self) -> Workflow:
        """Let the run go on, and return it as it ended."""
        self._hold.release()
        return await self._running

    def asked(self) -> dict[str, int]:
        """How often each question was asked until now."""
        return self._ledger.asked(self._name)

    async def rows(self, name: str) -> list[Any]:
        """Return everything a repository has."""
        return await self.registry.get_repository(name).find_all()
