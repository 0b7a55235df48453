"""The process that the fault tests kill: `python tests/faults/subject.py SOCKET`.

It imports everything once and then forks a child for each connection, so that a new process costs
milliseconds. The child does one job, tells how far it is in lines of JSON, and ends; that its
connection ends is how the test sees that it has.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from symphony_core.errors import LeaseLost
from symphony_core.models import conversation
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import Workflow
from tests.support import odd_steps
from tests.support.tale import WRITER

PATIENCE = 15.0  # seconds until a dead owner's run must be free
OPEN: list["Line"] = []  # until the process has ended: a line's end says that it has
LOADED = (conversation, odd_steps)  # what a child would import at its first call and first step


class Line:
    """The connection to the test."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines = connection.makefile("r", encoding="utf-8")

    def tell(self, **facts: Any) -> None:
        self._connection.sendall(json.dumps(facts).encode() + b"\n")

    def hear(self) -> Any:
        return json.loads(self._lines.readline() or "null")


class Job:
    """One job: its wishes, its line and its store."""

    def __init__(self, wishes: dict[str, Any], line: Line) -> None:
        self.wishes = wishes
        self.line = line
        self.registry: ServiceRegistry = open_registry(wishes["url"])
        self.engine = WorkflowEngine(self.registry)

    async def prepare(self) -> None:
        """Fill the store, so that its tables are there."""
        await self.registry.get_repository("agent_config").save(WRITER.model_copy())
        await self.snapshot()

    async def read(self) -> None:
        """Tell what is stored, as often as it is asked."""
        while self.line.hear():
            self.line.tell(stored=await self.snapshot())

    async def count_workers(self) -> None:
        """Tell how many workers have shown that they live, as often as it is asked."""
        while self.line.hear():
            self.line.tell(workers=len(await self._rows("worker_beat")))

    async def start(self) -> None:
        """Start the run for whoever runs it, say so, and wait to be killed."""
        run = self.new_run()
        await self.engine.start_run(run)
        self.line.tell(id=run.id)
        self.line.hear()

    async def finish(self) -> None:
        """Start the run, or go on with the one that is there, to its end."""
        found = await self.snapshot()
        self.line.tell(stored=found)
        self.line.hear()
        if found["runs"]:
            await self._go_on(found["runs"][0]["id"])
        else:
            await self._execute()
        self.line.tell(stored=await self.snapshot())

    async def endure(self) -> None:
        """Start the run and run it, whatever comes out of that."""
        self.line.tell(started=True)
        await self._execute()

    async def resume(self) -> None:
        """Try once to go on with the run, and tell how that went."""
        stored = await self.snapshot()
        self.line.tell(stored=stored)
        self.line.hear()
        try:
            run = await self.engine.run_workflow(stored["runs"][0]["id"])
            self.line.tell(outcome=run.status)
        except LeaseLost:
            self.line.tell(outcome="LeaseLost")

    def new_run(self) -> Workflow:
        return self.engine.new_run(
            WorkflowDefinition.model_validate(self.wishes["definition"]),
            self.wishes["inputs"],
            model=self.wishes["model"],
        )

    async def _execute(self) -> None:
        await self.engine.execute_workflow(
            WorkflowDefinition.model_validate(self.wishes["definition"]),
            self.wishes["inputs"],
            model=self.wishes["model"],
        )

    async def _go_on(self, run_id: str) -> None:
        loop = asyncio.get_running_loop()
        give_up = loop.time() + PATIENCE
        while True:
            try:
                await self.engine.run_workflow(run_id)
                return
            except LeaseLost:
                if loop.time() > give_up:
                    raise
            await asyncio.sleep(0.05)

    async def snapshot(self) -> dict[str, Any]:
        """Return everything stored of the runs that ask this job's model."""
        runs = await self._rows("workflow", model=self.wishes["model"])
        mine = [run["id"] for run in runs]
        steps = await self._rows("step_run", run_id=mine)
        events = await self._rows("run_event", run_id=mine)
        return {"runs": runs, "steps": steps, "events": events}

    async def _rows(self, name: str, **filter: Any) -> list[dict[str, Any]]:
        return [row.to_dict() for row in await self.registry.get_repository(name).find_all(filter)]


JOBS: dict[str, Callable[[Job], Coroutine[Any, Any, None]]] = {
    "prepare": Job.prepare,
    "read": Job.read,
    "count_workers": Job.count_workers,
    "start": Job.start,
    "finish": Job.finish,
    "endure": Job.endure,
    "resume": Job.resume,
}


def _serve(connection: socket.socket) -> None:
    line = Line(connection)
    OPEN.append(line)
    wishes = line.hear()
    os.environ |= wishes["environment"]
    line.tell(pid=os.getpid())
    try:
        asyncio.run(JOBS[wishes["job"]](Job(wishes, line)))
    except BaseException:
        line.tell(error=traceback.format_exc())
        raise


def main(path: str) -> None:
    """Fork for each connection until killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return _serve(connection)
            connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
