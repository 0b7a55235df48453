"""Answers that are huge, or made of characters that break things, are kept and can be read again."""

from collections.abc import Iterator

import pytest

from symphony_core.runtime.bootstrap import open_registry
from tests.support.odd_steps import SurrogateStep
from tests.support.openai_server import OpenAIServer
from tests.support.tale import WRITER, ask, workflow

ANSWERS = {
    "10 MB in many pieces": ("x" * 199_999 + " ") * 50,
    "10 MB in one line": "x" * 10_000_000,
    "NUL": "before\0after",
    "ANSI codes": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J",
    "a lone surrogate": "before\ud800after",
    "a lone low surrogate": "before\udfffafter",
}
HUGE = "100 MB in one line"


@pytest.fixture(params=[*ANSWERS, pytest.param(HUGE, marks=pytest.mark.long)])
def answer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    text = "x" * 100_000_000 if request.param == HUGE else ANSWERS[request.param]
    with OpenAIServer(lambda body: text) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        yield text


async def test_a_strange_answer_ends_its_run_and_can_be_read_again(answer: str) -> None:
    registry = open_registry()
    await registry.get_repository("agent_config").save(WRITER.model_copy())
    run = await registry.get_service("workflow_engine").execute_workflow(
        workflow(ask("a", "?")), model="openai-chat:odd"
    )
    stored = await registry.get_repository("workflow").find_by_id(run.id)
    assert stored.status == run.status
    assert run.status.is_final
    (step,) = await registry.get_repository("step_run").find_all({"run_id": run.id})
    assert step.status == run.status
    if run.status == "completed":
        kept = stored.metadata["context"]["step.a.result"]
        assert kept == step.output == step.returned["result"]
        assert kept[:6] == answer[:6]
        assert len(kept) <= len(answer) + 3  # cut, or with something in place of what cannot be
    else:
        assert step.error
        assert step.error in stored.error


async def test_half_a_character_from_a_step_of_ones_own_ends_its_run() -> None:
    registry = open_registry()
    run = await registry.get_service("workflow_engine").execute_workflow(
        workflow(SurrogateStep("Half", ""))
    )
    (step,) = await registry.get_repository("step_run").find_all({"run_id": run.id})
    stored = await registry.get_repository("workflow").find_by_id(run.id)
    assert stored.status.is_final
    assert step.status == stored.status
