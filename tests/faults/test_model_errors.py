"""What a model's server can do wrong, seen from the run: tried again only where that can help."""

from collections.abc import Iterator
from typing import Any

import pytest

from symphony_core.agent_config import AgentConfig
from symphony_core.execution.retry import RetryPolicy
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow
from tests.support.openai_server import LEAKED_KEY, TEXT, OpenAIServer

SOON = RetryPolicy(max_retries=2, delay_s=0.01)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-mine-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


async def ask(
    registry: ServiceRegistry, model: str, **fields: Any
) -> tuple[Workflow, StepRun, WorkflowEngine]:
    agent = AgentConfig(id="a", name="A", role="r", instruction_template="i", model=model)
    await registry.get_repository("agent_config").save(agent)
    step = TaskStep("Ask", {"input_data": {"query": "Q"}}, agent_id="a", **fields)
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(WorkflowDefinition(name="W").add_step(step))
    (row,) = await registry.get_repository("step_run").find_all({"run_id": run.id})
    return run, row, engine


@pytest.mark.parametrize("kind", ["busy", "broken", "cut", "torn", "garbled", "web-page", "empty"])
async def test_what_may_pass_is_tried_again(
    registry: ServiceRegistry, server: OpenAIServer, kind: str
) -> None:
    server.retry_after = 0
    run, row, _ = await ask(registry, f"openai-chat:{kind}-once", retry=SOON)
    assert (run.status, row.output) == ("completed", TEXT)
    assert server.calls[f"{kind}-once"] == row.attempt == 2
    assert row.attempts[0].error is not None


@pytest.mark.parametrize("kind", ["denied", "unknown", "full"])
async def test_what_will_not_pass_fails_at_once(
    registry: ServiceRegistry, server: OpenAIServer, kind: str
) -> None:
    run, row, _ = await ask(registry, f"openai-chat:{kind}", retry=SOON)
    assert (run.status, row.attempt, server.calls[kind]) == ("failed", 1, 1)
    assert "sk-" not in str(run.error)
    assert LEAKED_KEY not in row.model_dump_json()


async def test_a_failure_that_stays_ends_after_the_last_attempt(
    registry: ServiceRegistry, server: OpenAIServer
) -> None:
    run, row, _ = await ask(registry, "openai-chat:broken", retry=SOON)
    assert (run.status, row.attempt, server.calls["broken"]) == ("failed", 3, 3)
    assert [attempt.number for attempt in row.attempts] == [1, 2]


async def test_the_wait_a_server_asks_for_is_kept(
    registry: ServiceRegistry, server: OpenAIServer
) -> None:
    server.retry_after = 1
    run, row, _ = await ask(registry, "openai-chat:busy-once", retry=SOON)
    assert run.status == "completed"
    failed_at = row.attempts[0].completed_at
    assert failed_at is not None
    assert 1.0 <= (row.started_at - failed_at).total_seconds() < 3.0


async def test_a_server_that_asks_for_too_long_has_failed(
    registry: ServiceRegistry, server: OpenAIServer
) -> None:
    server.retry_after = 3600
    run, _, _ = await ask(registry, "openai-chat:busy", retry=SOON)
    assert (run.status, server.calls["busy"]) == ("failed", 1)


async def test_a_server_that_refuses_connections_is_tried_again(
    registry: ServiceRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine-0123456789")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    run, row, _ = await ask(registry, "openai-chat:x", retry=SOON)
    assert (run.status, row.attempt) == ("failed", 3)


async def test_a_server_that_hangs_is_left_at_the_steps_time_limit(
    registry: ServiceRegistry, server: OpenAIServer
) -> None:
    run, row, _ = await ask(registry, "openai-chat:hang", timeout_s=0.5, retry=SOON)
    assert run.error == "Step 'Ask' failed: It took longer than its time limit of 0.5 s."
    assert row.attempt == 1


async def test_a_server_that_drips_is_left_at_the_steps_time_limit(
    registry: ServiceRegistry, server: OpenAIServer
) -> None:
    server.answer = lambda body: "word " * 500
    run, row, _ = await ask(registry, "openai-chat:slow", timeout_s=1)
    assert "time limit of 1 s" in str(run.error)
    assert row.output.startswith("word ")
