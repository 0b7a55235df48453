"""What is pasted into the import box: its verdict, what it would change, and the import."""

import asyncio
import json
from typing import Any

import pytest

from dashboard import agent_services as agents
from dashboard import workflow_imports as imports
from dashboard import workflow_services as services
from symphony_core.errors import DocumentError
from symphony_core.registry import ENTITY_TYPES, ServiceRegistry
from tests.io.test_corpus_imports import document_of
from tests.pages.test_workflow_services import change, document, step
from tests.support.corpus import rows

pytestmark = pytest.mark.usefixtures("store")

KINDS = [*ENTITY_TYPES, "workflow_definition"]


async def everything(store: ServiceRegistry) -> dict[str, Any]:
    return {
        name: [(row.version, row) for row in await store.get_repository(name).find_all()]
        for name in KINDS
    }


def text(**fields: Any) -> str:
    return json.dumps({**document(), "id": "letter", **fields})


def test_every_row_of_the_corpus_has_a_verdict_and_changes_nothing(store: ServiceRegistry) -> None:
    before = asyncio.run(everything(store))
    found = rows("imports")
    wrong = []
    for row in found:
        preview = imports.preview_import(document_of(row))
        is_sentence = preview.verdict.endswith(".") and "\n" not in preview.verdict
        expected = "accepted" if preview.kind else "clear error"
        if not is_sentence or len(preview.verdict) > 600 or expected != row["expected"]:
            wrong.append((row["id"], row["expected"], preview.verdict))
        elif preview.kind is None:
            with pytest.raises(DocumentError):
                imports.import_document(document_of(row))
    assert wrong == []
    assert len(found) == 133
    assert asyncio.run(everything(store)) == before


def test_a_new_workflow_is_told_and_saved_as_its_first_version() -> None:
    given = text(steps=[step(), {**step("{{step.draft.result}}", "edit"), "agent_id": "editor"}])
    preview = imports.preview_import(given)
    assert preview.verdict == "A workflow that can be imported: 'Letter', 2 steps."
    assert preview.holds == ["Steps: 2 questions to agents", "Inputs: topic"]
    assert "no agent 'editor' here, which 'Edit' asks" in preview.missing[0]
    assert "new workflow, saved as version 1" in preview.effect
    assert services.list_workflows().rows == []
    assert imports.import_document(given) == "letter"
    row = services.find_workflow("letter")
    assert (row.number, row.is_changed, row.name) == (1, False, "Letter")


def test_yaml_is_read_too() -> None:
    given = services.export_text(json.loads(text()), "yaml")
    assert imports.preview_import(given).kind == "workflow"
    assert imports.import_document(given.encode()) == "letter"


def test_a_name_that_is_taken_gets_a_number() -> None:
    services.new_draft(document())
    assert "so it will be 'Letter 2'" in imports.preview_import(text()).effect
    imports.import_document(text())
    assert services.find_workflow("letter").name == "Letter 2"


def test_what_is_here_already_gets_a_draft_or_a_copy() -> None:
    imports.import_document(text())
    assert "the same as version 1" in imports.preview_import(text()).effect
    newer = text(description="newer")
    assert "version 1 stays the one that runs" in imports.preview_import(newer).effect
    change("letter", description="mine")
    preview = imports.preview_import(newer)
    assert preview.taken_by == "Letter"
    assert "not saved are lost" in preview.effect
    copy = imports.import_document(newer, as_copy=True)
    assert services.open_draft("letter").document["description"] == "mine"
    assert services.find_workflow(copy).name == "Letter 2"
    assert imports.import_document(newer) == "letter"
    draft = services.open_draft("letter")
    assert (draft.document["description"], draft.is_changed) == ("newer", True)
    assert [version.number for version in services.list_versions("letter")] == [1]


def test_a_draft_that_was_never_saved_is_said_to_be_replaced() -> None:
    imports.import_document(text())
    workflow_id = services.duplicate_workflow("letter")
    preview = imports.preview_import(text(id=workflow_id))
    assert "never saved: its draft will be replaced" in preview.effect


def test_an_agent_is_told_and_imported_beside_those_that_are_here() -> None:
    given = json.dumps(
        {"id": "editor", "name": "Editor", "role": "editor", "instruction_template": "Edit."}
    )
    preview = imports.preview_import(given)
    assert preview.verdict == "An agent that can be imported: 'Editor', editor."
    assert imports.import_document(given) == "editor"
    assert "beside it as a copy" in imports.preview_import(given).effect
    copy = imports.import_document(given)
    names = {agent.id: agent.name for agent in agents.list_agents()}
    assert (names["editor"], names[copy]) == ("Editor", "Editor (copy)")


def test_a_workflow_inside_that_is_not_here_is_named() -> None:
    inside = {"type": "workflow", "id": "in", "name": "Inside", "workflow_id": "elsewhere"}
    preview = imports.preview_import(text(steps=[inside]))
    assert "no workflow 'elsewhere' here, which the step 'Inside' runs" in preview.missing[0]
