"""The list of workflows, and the page of one."""

import asyncio

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import workflow_services as services
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from tests.pages.conftest import Open, drawn, texts
from tests.pages.test_runs_page import HOSTILE, names
from tests.pages.test_workflow_services import change, document, saved, step


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def open_one(open_page: Open, workflow_id: str) -> AppTest:
    return open_page("workflow", workflow=workflow_id)


def test_without_workflows_the_list_says_where_to_begin(open_page: Open) -> None:
    at = open_page("workflows")
    assert "Your workflows will stand here" in texts(at)
    assert "Choose a template" in names(at)


def test_a_workflow_stands_in_the_list_with_what_matters(open_page: Open) -> None:
    workflow_id = saved("Letter")
    change(workflow_id, description="Newer")
    services.set_tags(workflow_id, ["mail"])
    services.new_draft(document("Never"))
    shown = texts(open_page("workflows"))
    for words in ("Draft, not saved", "Draft, never saved", "mail", "1 step · version 1"):
        assert words in shown


def test_the_list_is_searched_and_filtered_by_tag(open_page: Open) -> None:
    services.set_tags(saved("Letter"), ["mail"])
    saved("Report")
    at = open_page("workflows")
    at.selectbox(key="tag").select("mail").run()
    assert ("Letter" in names(at), "Report" in names(at)) == (True, False)
    at.text_input[0].input("nonsense").run()
    assert "No workflow matches" in texts(at)


def test_many_stand_on_pages(open_page: Open, store: ServiceRegistry) -> None:
    async def fill() -> None:
        for n in range(20):
            definition = WorkflowDefinition(name=f"Number {n}", steps=(step("Hi."),))
            await store.get_repository("workflow_definition").save(definition)

    asyncio.run(fill())
    at = open_page("workflows")
    assert len([name for name in names(at) if name.startswith("Number")]) == 15


def test_what_is_archived_is_shown_when_asked(open_page: Open) -> None:
    services.archive_workflow(saved("Old"))
    at = open_page("workflows")
    assert "Old" not in names(at)
    at.toggle(key="archived").set_value(True).run()
    assert "Old" in names(at)
    assert "Archived" in texts(at)


def test_an_unknown_workflow_leads_to_the_list(open_page: Open) -> None:
    at = open_one(open_page, "nonsense")
    assert "There is no workflow" in texts(at)
    assert "All workflows" in names(at)


def test_hostile_names_are_text(open_page: Open) -> None:
    workflow_id = saved(HOSTILE)
    services.set_tags(workflow_id, ["**x** :red[y]"])
    for at in (open_page("workflows"), open_one(open_page, workflow_id)):
        assert "<script>" not in texts(at).replace("\\<script\\>", "")
        assert ":red[y]" not in texts(at).replace("\\:red\\[y\\]", "")


def test_a_workflow_is_run_from_its_page(open_page: Open, store: ServiceRegistry) -> None:
    workflow_id = saved()
    at = open_one(open_page, workflow_id)
    assert drawn(at)
    assert "A run makes 1 model call" in texts(at)
    press(at, "Run now")
    assert "needs a value" in texts(at)
    at.text_input(key=f"{workflow_id}-topic").input("tea").run()
    press(at, "Run now")
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert (run.definition_id, run.definition_version) == (workflow_id, 1)
    assert "Version 1 of Letter" in names(open_page("run", run=run.id))


def test_versions_are_compared_and_restored(open_page: Open) -> None:
    workflow_id = saved()
    change(workflow_id, description="A newer one")
    at = open_one(open_page, workflow_id)
    assert "3 added" in texts(at)
    services.save_version(workflow_id, services.open_draft(workflow_id).version)
    at = open_one(open_page, workflow_id)
    assert "Version 2" in texts(at)
    at.button(key=f"restore-{workflow_id}-1").click().run()
    assert services.open_draft(workflow_id).document["description"] == ""
    assert "Draft, not saved" in texts(at)


def test_unsaved_changes_are_not_replaced_unasked(open_page: Open) -> None:
    workflow_id = saved()
    change(workflow_id, description="mine")
    at = open_one(open_page, workflow_id)
    at.button(key=f"restore-{workflow_id}-1").click().run()
    assert services.open_draft(workflow_id).document["description"] == "mine"
    assert "Replace them" in [button.label for button in at.button]


def test_a_draft_that_is_wrong_is_shown_with_what_is_wrong(open_page: Open) -> None:
    workflow_id = services.new_draft(document("Letter", step("{{nonsense}}")))
    at = open_one(open_page, workflow_id)
    assert "nonsense" in texts(at)
    assert "never saved" in texts(at)


@pytest.mark.parametrize("is_template", [True, False])
def test_one_s_own_templates_stand_below_the_shipped(
    open_page: Open, store: ServiceRegistry, is_template: bool
) -> None:
    workflow_id = saved("My own letter")
    services.set_template(workflow_id, is_one=is_template)
    at = open_page("templates")
    assert ("Your own" in texts(at)) is is_template
    if is_template:
        assert "My own letter" in texts(at)
        at.button(key=f"Choose-{workflow_id}").click().run()
        at.text_input(key=f"{workflow_id}-topic").input("tea").run()
        press(at, "Run now")
        [run] = asyncio.run(store.get_repository("workflow").find_all())
        assert run.definition_id == workflow_id
