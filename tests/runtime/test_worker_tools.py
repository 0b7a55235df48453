"""The servers of tools that a worker starts go with it, however it goes."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from symphony_core.agent_config import AgentCapabilities, AgentConfig
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import open_registry
from tests.support.processes import until, worker
from tests.support.running import alive, children

NOW = "time.get_current_time"
SCRIPT = {
    "replies": [
        {"round": 0, "calls": [{"tool": NOW, "arguments": {"timezone": "UTC"}}]},
        {"reply": "{answer}"},
    ]
}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a model that asks for the time, which a server of the administrator's tells."""
    tools, script = tmp_path / "their-tools.json", tmp_path / "script.json"
    command = {"command": sys.executable, "args": ["-m", "mcp_server_time"]}
    tools.write_text(json.dumps({"servers": {"time": command}}))
    script.write_text(json.dumps(SCRIPT))
    monkeypatch.setenv("SYMPHONY_TOOLS", str(tools))
    return f"scripted:{script}"


async def start(store: ServiceRegistry, model: str) -> str:
    agent = AgentConfig(
        id="clock",
        name="Clock",
        role="Tells the time",
        instruction_template="Tell the time.",
        capabilities=AgentCapabilities(tools=[NOW]),
    )
    await store.get_repository("agent_config").save(agent)
    step = TaskStep("Ask", {"input_data": {"query": "What time is it?"}}, "clock")
    engine = store.get_service("workflow_engine")
    run = engine.new_run(WorkflowDefinition(name="W").add_step(step), model=model)
    await engine.start_run(run)
    return str(run.id)


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "its input ends"])
async def test_no_server_is_left_when_the_worker_ends(model: str, how: str) -> None:
    store = open_registry()
    run_id = await start(store, model)

    async def is_over() -> bool:
        run = await store.get_repository("workflow").find_by_id(run_id)
        return bool(run.status.is_final)

    with worker() as process:
        await until(is_over)
        (server,) = children(process.pid, "mcp_server_time")
        if how == "its input ends":
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        else:
            os.kill(process.pid, signal.Signals[how])

        async def is_gone() -> bool:
            return not alive(server)

        await until(is_gone)
    (row,) = await store.get_repository("step_run").find_all({"run_id": run_id})
    assert (row.status, row.tool_uses[0].tool) == ("completed", NOW)
    assert '"timezone": "UTC"' in row.output
