"""A key in Streamlit's secrets reaches the worker's calls, and nothing that is kept or shown."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from symphony_core.agent_config import AgentConfig
from symphony_core.model_profile import ModelProfile
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.database import Database
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.runtime.settings import data_dir
from tests.support.processes import until
from tests.support.wire_server import WireServer

ROOT = Path(__file__).parent.parent.parent
KEY = "only-in-the-secrets-0123456789"


async def test_a_key_in_streamlits_secrets_is_sent_and_kept_nowhere(tmp_path: Path) -> None:
    secrets = tmp_path / "home" / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir(parents=True)
    secrets.write_text(f'HOUSE_API_KEY = "{KEY}"\n')
    log = tmp_path / "log"
    with WireServer() as server, log.open("wb") as out:
        registry = open_registry()
        for model in ("ok", "denied"):
            told = {"provider": "openai-compatible", "model": model, "base_url": server.base_url}
            profile = ModelProfile(id=model, name=model, key_variable="HOUSE_API_KEY", **told)
            await registry.get_model_profiles().save(profile)
        runs = [await _start(registry, model) for model in ("ok", "denied")]
        app = _dashboard(tmp_path / "home", out)
        try:

            async def over() -> bool:
                found = await registry.get_repository("workflow").find_all({"id": runs})
                return len(found) == 2 and all(run.status.is_final for run in found)

            await until(over, 120)
        finally:
            app.terminate()
            app.wait(30)
        assert set(server.keys) == {KEY}
    ended = {r.model: r for r in await registry.get_repository("workflow").find_all({"id": runs})}
    assert ended["profile:ok"].status == "completed"
    assert "'denied' refused the key" in (ended["profile:denied"].error or "")
    Database.close_all()
    kept = [path for path in data_dir().rglob("*") if path.is_file()]
    assert kept
    for path in [*kept, log]:
        assert KEY.encode() not in path.read_bytes(), path


async def _start(registry, model: str) -> str:  # type: ignore[no-untyped-def]
    agent = AgentConfig(id="plain", name="Plain", role="r", instruction_template="Be kind.")
    if not await registry.get_repository("agent_config").find_by_id("plain"):
        await registry.get_repository("agent_config").save(agent)
    step = TaskStep("Ask", {"input_data": {"query": "Hello"}}, "plain")
    engine = registry.get_service("workflow_engine")
    run = engine.new_run(WorkflowDefinition(name="w").add_step(step), {}, model=f"profile:{model}")
    await engine.start_run(run)
    return str(run.id)


def _dashboard(home: Path, out: BinaryIO) -> subprocess.Popen[bytes]:
    own = {"HOME": str(home), "SYMPHONY_PORT": str(_free_port())}
    command = [sys.executable, "app.py"]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | own, stdout=out, stderr=subprocess.STDOUT
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
