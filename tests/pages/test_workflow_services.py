"""Drafts, versions and the list of workflows, on a real store."""

import asyncio
from typing import Any

import pytest

from dashboard import workflow_services as services
from symphony_core.errors import DefinitionError, EntityNotFound, NotPossible
from symphony_core.io.editable import closed
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import Workflow, WorkflowStatus

pytestmark = pytest.mark.usefixtures("store")


def step(query: str = "Write about {{topic}}.", id: str = "draft") -> dict[str, Any]:
    return {
        "type": "task",
        "id": id,
        "name": id.capitalize(),
        "description": "",
        "task_template": {"input_data": {"query": query}},
    }


def document(name: str = "Letter", *steps: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "description": "",
        "inputs": [{"name": "topic", "label": "Topic"}],
        "steps": list(steps or [step()]),
        "metadata": {},
    }


def saved(name: str = "Letter") -> str:
    workflow_id = services.new_draft(document(name))
    services.save_version(workflow_id, services.open_draft(workflow_id).version)
    return workflow_id


def change(workflow_id: str, **fields: Any) -> services.DraftView:
    draft = services.open_draft(workflow_id)
    return services.keep_draft(workflow_id, {**draft.document, **fields}, draft.version, "Ann")


def names(**asked: Any) -> list[str]:
    return [row.name for row in services.list_workflows(**asked).rows]


# --- drafts


def test_a_new_draft_has_a_name_that_no_other_has() -> None:
    ids = [services.new_draft() for _ in range(3)]
    found = [services.open_draft(workflow_id).name for workflow_id in ids]
    assert found == ["Untitled workflow", "Untitled workflow 2", "Untitled workflow 3"]
    saved("Letter")
    assert services.open_draft(services.new_draft(document("LETTER"))).name == "LETTER 2"


def test_a_draft_may_be_wrong_and_is_kept_as_it_is() -> None:
    workflow_id = services.new_draft()
    wrong = {"name": "", "steps": [{"type": "task", "id": "a"}], "inputs": [{"name": "1"}]}
    kept = services.keep_draft(workflow_id, wrong, services.open_draft(workflow_id).version, "Ann")
    found = services.open_draft(workflow_id)
    assert found == kept
    assert found.document == {**wrong, "id": workflow_id}
    assert (found.is_changed, found.based_on, found.editor) == (True, 0, "Ann")
    with pytest.raises(DefinitionError):
        services.save_version(workflow_id, found.version)
    assert services.list_versions(workflow_id) == []


def test_who_is_late_hears_of_the_other_and_can_read_theirs() -> None:
    workflow_id = saved()
    mine = services.open_draft(workflow_id)
    change(workflow_id, description="theirs")
    for late in (
        lambda: services.keep_draft(workflow_id, mine.document, mine.version, "Bob"),
        lambda: services.save_version(workflow_id, mine.version),
    ):
        with pytest.raises(services.DraftConflict, match="'Ann' has changed the draft 'Letter' on"):
            late()
    assert services.open_draft(workflow_id).document["description"] == "theirs"


async def _save_in_the_library(definition: WorkflowDefinition, store: ServiceRegistry) -> None:
    await store.get_repository("workflow_definition").save(definition)


def stored(store: ServiceRegistry, name: str = "By hand") -> str:
    definition = WorkflowDefinition(id="by-hand", name=name, steps=(step("Hello."),))
    asyncio.run(_save_in_the_library(definition, store))
    return definition.id


def test_two_who_open_what_nobody_has_drafted_cannot_both_begin(store: ServiceRegistry) -> None:
    workflow_id = stored(store)
    first = services.open_draft(workflow_id)
    assert (first.version, first.is_changed, first.based_on) == (0, False, 1)
    change(workflow_id, description="theirs")
    with pytest.raises(services.DraftConflict):
        services.keep_draft(workflow_id, first.document, first.version, "Bob")


def test_a_discarded_draft_is_what_was_saved_or_gone() -> None:
    workflow_id = saved()
    changed = change(workflow_id, description="no")
    services.discard_draft(workflow_id)
    assert services.open_draft(workflow_id).is_changed is False
    with pytest.raises(services.DraftConflict):
        services.keep_draft(workflow_id, changed.document, changed.version, "Ann")
    never = services.new_draft()
    version = services.open_draft(never).version
    services.discard_draft(never)
    assert services.open_draft(never) is None
    with pytest.raises(services.DraftConflict, match="discarded"):
        services.keep_draft(never, {}, version, "Ann")


@pytest.mark.parametrize("workflow_id", ["nobody", "../x", ""])
def test_what_is_not_there_is_said(workflow_id: str) -> None:
    assert services.open_draft(workflow_id) is None
    with pytest.raises(EntityNotFound):
        services.duplicate_workflow(workflow_id)
    with pytest.raises(EntityNotFound):
        services.start_workflow(workflow_id, {})


# --- versions


def test_versions_are_numbered_compared_and_restored() -> None:
    workflow_id = saved()
    change(workflow_id, description="second")
    second = services.save_version(workflow_id, services.open_draft(workflow_id).version)
    assert second == 2
    assert [v.number for v in services.list_versions(workflow_id)] == [2, 1]
    assert services.version_document(workflow_id, 1)["description"] == ""
    back = services.restore_version(workflow_id, 1)
    assert (back.based_on, back.is_changed, back.document["description"]) == (1, True, "")
    assert services.save_version(workflow_id, back.version) == 3
    with pytest.raises(EntityNotFound, match="version"):
        services.restore_version(workflow_id, 9)


def test_what_has_not_changed_is_not_saved_again() -> None:
    workflow_id = saved()
    services.set_tags(workflow_id, ["mail"])
    draft = services.open_draft(workflow_id)
    assert draft.is_changed is False
    assert services.save_version(workflow_id, draft.version) == 1


def test_the_first_problem_is_the_refusal_and_names_the_step() -> None:
    workflow_id = services.new_draft(document("Letter", step("{{nonsense}}")))
    with pytest.raises(DefinitionError, match="In the step 'Draft': .*nonsense"):
        services.save_version(workflow_id, services.open_draft(workflow_id).version)
    empty = services.new_draft()
    with pytest.raises(DefinitionError, match="no steps yet"):
        services.save_version(empty, services.open_draft(empty).version)


def test_what_the_library_saved_becomes_a_version_when_a_newer_one_is(
    store: ServiceRegistry,
) -> None:
    workflow_id = stored(store)
    assert [v.number for v in services.list_versions(workflow_id)] == [1]
    change(workflow_id, description="new")
    assert services.save_version(workflow_id, services.open_draft(workflow_id).version) == 2
    assert [v.number for v in services.list_versions(workflow_id)] == [2, 1]
    assert services.version_document(workflow_id, 1)["description"] == ""


def test_a_run_keeps_the_version_it_was_started_with(store: ServiceRegistry) -> None:
    workflow_id = saved()
    services.archive_workflow(workflow_id)
    services.unarchive_workflow(workflow_id)  # neither makes a version
    first = services.start_workflow(workflow_id, {"topic": "tea"})
    change(workflow_id, name="Renamed")
    with pytest.raises(DefinitionError, match="topic"):
        services.start_workflow(workflow_id, {})
    services.save_version(workflow_id, services.open_draft(workflow_id).version)
    second = services.start_workflow(workflow_id, {"topic": "tea"})
    runs = store.get_repository("workflow")
    numbers = [asyncio.run(runs.find_by_id(id)).definition_version for id in (first, second)]
    assert numbers == [1, 2]
    with pytest.raises(NotPossible, match="not saved yet"):
        services.start_workflow(services.new_draft(), {})


@pytest.mark.parametrize("format", ["json", "yaml", "python"])
def test_a_document_is_exported_in_each_form(format: str) -> None:
    text = services.export_text(services.open_draft(saved()).document, format)
    assert "Letter" in text
    assert "{{topic}}" in text


# --- the list


def test_the_list_is_searched_filtered_and_newest_first() -> None:
    saved("One"), saved("Two")
    draft = services.new_draft(document("Three"))
    services.set_tags(draft, ["mail", " mail ", ""])
    assert names() == ["Three", "Two", "One"]
    assert names(search="T") == ["Three", "Two"]
    assert names(tag="mail") == ["Three"]
    assert services.list_workflows().tags == ["mail"]
    assert services.find_workflow(draft).tags == ("mail",)
    with pytest.raises(DefinitionError, match="tags"):
        services.set_tags(draft, ["x" * 41])


def test_a_line_tells_how_the_runs_went(store: ServiceRegistry) -> None:
    workflow_id = saved()
    assert services.find_workflow(workflow_id).record.in_words == "Never run"
    for status in ("completed", "completed", "failed", "cancelled"):
        run = Workflow(name="Letter", definition_id=workflow_id)
        run.mark(WorkflowStatus(status))
        asyncio.run(store.get_repository("workflow").save(run))
    row = services.find_workflow(workflow_id)
    assert row.record.in_words == "2 of 3 runs completed (67%)"
    assert row.record.last.status == "cancelled"
    assert (row.steps, row.number, row.is_changed) == (1, 1, False)
    with pytest.raises(NotPossible, match="archive it instead"):
        services.delete_workflow(workflow_id)


def test_what_is_archived_leaves_the_list_and_comes_back() -> None:
    workflow_id = saved()
    services.archive_workflow(workflow_id)
    assert (names(), names(archived=True)) == ([], ["Letter"])
    services.unarchive_workflow(workflow_id)
    assert (names(), names(archived=True)) == (["Letter"], [])
    with pytest.raises(NotPossible, match="not saved yet"):
        services.archive_workflow(services.new_draft())


def test_a_copy_is_a_draft_of_its_own() -> None:
    workflow_id = saved()
    services.set_template(workflow_id, is_one=True)
    copy = services.duplicate_workflow(workflow_id)
    assert services.open_draft(copy).name == "Letter (copy)"
    assert services.open_draft(services.duplicate_workflow(workflow_id)).name == "Letter (copy) 2"
    row = services.find_workflow(copy)
    assert (row.is_saved, row.is_template, row.can_be_deleted) == (False, False, True)
    services.delete_workflow(copy)
    assert services.open_draft(copy) is None
    assert services.find_workflow(workflow_id).is_template


def test_a_deleted_workflow_leaves_nothing(store: ServiceRegistry) -> None:
    workflow_id = saved()
    change(workflow_id, description="x")
    services.delete_workflow(workflow_id)
    for name in ("workflow_definition", "workflow_draft", "workflow_version"):
        assert asyncio.run(store.get_repository(name).count()) == 0


def test_a_step_of_another_is_not_deleted() -> None:
    inner = saved()
    step = {"type": "workflow", "id": "inner", "name": "Inner", "workflow_id": inner, "inputs": {}}
    outer = services.new_draft({"name": "Book", "steps": [step]})
    with pytest.raises(NotPossible, match=r"'Letter' is a step of 'Book': take it out there"):
        services.delete_workflow(inner)
    services.delete_workflow(outer)
    services.delete_workflow(inner)
    assert names() == []


def test_a_thousand_workflows_stand_on_pages(store: ServiceRegistry) -> None:
    async def fill() -> None:
        definitions = store.get_repository("workflow_definition")
        await asyncio.gather(
            *(
                definitions.save(WorkflowDefinition(name=f"Number {n}", steps=(step("Hello."),)))
                for n in range(1000)
            )
        )

    asyncio.run(fill())
    first, last = (services.list_workflows(page=page) for page in (1, 67))
    assert (first.total, first.pages, len(first.rows), len(last.rows)) == (1000, 67, 15, 10)
    assert services.list_workflows(page=99).rows == last.rows


def test_a_closed_document_is_what_is_saved() -> None:
    branch = {
        "type": "conditional",
        "id": "c",
        "name": "Choice",
        "description": "",
        "condition": "topic == 'x'",
        "if_branch": [step()],
        "else_branch": [],
    }
    workflow_id = services.new_draft(document("Branch", branch))
    services.save_version(workflow_id, services.open_draft(workflow_id).version)
    kept = services.open_draft(workflow_id)
    assert kept.document["steps"][0]["if_branch"] == [step()]
    assert closed(kept.document)["steps"][0]["if_branch"] == step()


# --- workflows within others


def use(workflow_id: str, **inputs: str) -> dict[str, Any]:
    found = {"type": "workflow", "id": "sub", "name": "Sub", "description": ""}
    return {**found, "workflow_id": workflow_id, "inputs": inputs}


def outer(*steps: dict[str, Any]) -> str:
    workflow_id = services.new_draft(document("Outer", *steps))
    services.save_version(workflow_id, services.open_draft(workflow_id).version)
    return workflow_id


def test_a_workflow_runs_with_the_version_saved_last_of_those_in_it(
    store: ServiceRegistry,
) -> None:
    letter = saved()
    workflow_id = outer(use(letter, topic="{{topic}}"))
    change(letter, steps=[step("Rewrite {{topic}}.")])
    services.save_version(letter, services.open_draft(letter).version)
    run_id = services.start_workflow(workflow_id, {"topic": "tides"})
    run = asyncio.run(store.get_repository("workflow").find_by_id(run_id))
    (kept,) = run.definition["steps"]
    assert (kept["definition"]["id"], kept["definition_version"]) == (letter, 2)
    assert "Rewrite {{topic}}." in str(kept["definition"]["steps"])
    assert "letter_definition" in services.export_text(
        services.open_draft(workflow_id).document, "python"
    )


def test_a_version_that_holds_itself_or_what_is_not_here_is_not_saved() -> None:
    letter = saved()
    workflow_id = outer(use(letter, topic="{{topic}}"))
    around = change(letter, steps=[use(workflow_id, topic="x")])
    with pytest.raises(DefinitionError, match="within itself: 'Letter' holds 'Outer' holds 'Let"):
        services.save_version(letter, around.version)
    gone = change(letter, steps=[use("nowhere")])
    with pytest.raises(DefinitionError, match="No workflow 'nowhere' is here"):
        services.save_version(letter, gone.version)
    assert [version.number for version in services.list_versions(letter)] == [1]
