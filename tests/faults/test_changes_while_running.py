"""Deleting or editing what a run was made of, while it runs."""

from contextlib import suppress
from typing import Any

import pytest

from symphony_core.errors import SymphonyError
from tests.support.in_process import Scene
from tests.support.ledger import Ledger
from tests.support.tale import WRITER, ask, questions, workflow
from tests.support.truth import context_of


@pytest.fixture
def models(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("OPENAI_BASE_URL", ledger.server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    return ledger


async def test_a_run_whose_agent_is_deleted_ends_and_names_the_agent(models: Ledger) -> None:
    scene = Scene(models, "agent-deleted")
    await scene.begin()
    await scene.registry.get_repository("agent_config").delete(WRITER.id)
    run = await scene.finish()
    (stored,) = await scene.rows("workflow")
    assert stored.status == run.status
    if run.status == "completed":  # on a snapshot of its own
        assert scene.asked() == dict.fromkeys(questions(), 1)
    else:
        assert run.status == "failed"
        assert "'writer'" in str(stored.error)
        assert scene.asked() == {"plan": 1, "facts": 1}


async def test_a_run_whose_definition_is_deleted_finishes_on_its_own(
    models: Ledger, undisturbed: dict[str, Any]
) -> None:
    scene = Scene(models, "definition-deleted")
    await scene.begin()
    assert await scene.registry.get_repository("workflow_definition").delete(scene.definition.id)
    run = await scene.finish()
    assert run.status == "completed"
    assert context_of({"runs": [run.to_dict()]}) == undisturbed


async def test_a_run_whose_definition_is_edited_finishes_on_its_own(
    models: Ledger, undisturbed: dict[str, Any]
) -> None:
    scene = Scene(models, "definition-edited")
    await scene.begin()
    definitions = scene.registry.get_repository("workflow_definition")
    stored = await definitions.find_by_id(scene.definition.id)
    edited = stored.model_copy(update={"steps": workflow(ask("other", "?")).steps})
    await definitions.save(edited)
    run = await scene.finish()
    assert run.status == "completed"
    assert context_of({"runs": [run.to_dict()]}) == undisturbed
    assert (await definitions.find_by_id(scene.definition.id)).steps == edited.steps


async def test_a_run_that_is_deleted_leaves_none_running(models: Ledger) -> None:
    scene = Scene(models, "run-deleted")
    run = await scene.begin()
    assert await scene.registry.get_repository("workflow").delete(run.id)
    with suppress(SymphonyError):  # it may say that its run is gone
        await scene.finish()
    assert [left.status for left in await scene.rows("workflow") if not left.status.is_final] == []
    assert set(scene.asked().values()) == {1}
