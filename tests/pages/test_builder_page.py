"""The builder's page, by its list of steps and its forms; the canvas is tried in a browser."""

import asyncio
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import workflow_services
from symphony_core.registry import ServiceRegistry
from tests.pages.conftest import Open, texts

TASK: dict[str, Any] = {
    "type": "task",
    "id": "draft",
    "name": "Draft",
    "description": "",
    "task_template": {"input_data": {"query": "Write about {{topic}}."}},
    "agent_id": None,
}
TOPIC: dict[str, Any] = {
    "name": "topic",
    "label": "Your topic",
    "type": "text",
    "default": None,
    "required": True,
}


def document(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "Pipeline",
        "description": "",
        "inputs": [TOPIC],
        "steps": list(steps),
        "metadata": {},
        **more,
    }


def task(id: str, query: str = "Go on.", **more: Any) -> dict[str, Any]:
    asked = {"input_data": {"query": query}}
    return {**TASK, "id": id, "name": id.capitalize(), "task_template": asked, **more}


def kept(id: str) -> dict[str, Any]:
    draft = workflow_services.open_draft(id)
    assert draft is not None
    return dict(draft.document)


def steps(id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = kept(id)["steps"]
    return found


def field(at: AppTest, label: str) -> Any:
    found = [*at.text_input, *at.text_area, *at.selectbox, *at.number_input, *at.multiselect]
    found += [*at.checkbox, *at.radio]
    return next(widget for widget in found if widget.label == label)


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def press_inside(at: AppTest, opener: str, label: str, **fields: str) -> AppTest:
    """Press a button of a dialog, which is drawn only when what opens it is pressed with it."""
    press(at, opener)
    for name, value in fields.items():
        field(at, name.replace("_", " ")).input(value)
    buttons = [button for button in at.button if button.label == label]
    next(button for button in at.button if button.label == opener).click()
    return buttons[-1].click().run()


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def show(at: AppTest, kind: str) -> AppTest:
    """Choose what is shown: Drawing or List, Step, Inputs or Problems."""
    view = kind in ("Drawing", "List")
    at.session_state["builder-view" if view else "builder-panel"] = kind
    return at.run()


def choose(at: AppTest, name: str) -> AppTest:
    """Choose a step in the list."""
    listed = field(at, "Steps")
    return listed.set_value(next(o for o in listed.options if f" {name}" in o)).run()


@pytest.fixture
def build(open_page: Open, store: ServiceRegistry) -> Any:
    """Open a document in the builder, with its list of steps shown."""

    def open_it(made: dict[str, Any]) -> tuple[AppTest, str]:
        id = workflow_services.new_draft(made)
        return show(open_page("builder", workflow=id), "List"), id

    return open_it


def test_with_nothing_it_offers_a_new_workflow(open_page: Open) -> None:
    at = open_page("builder")
    assert at.title[0].value == "Builder"
    press(at, "New workflow")
    at = show(at, "List")
    assert "It has no steps yet" in texts(at)
    assert "Ask an agent" in labels(at)


def test_an_unknown_workflow_is_said(open_page: Open) -> None:
    assert "There is no workflow" in texts(open_page("builder", workflow="nonsense"))


def test_a_step_is_added_and_named_and_its_name_becomes_its_id(build: Any) -> None:
    at, id = build(document())
    press(at, "Ask an agent")
    field(at, "Name").input("First draft").run()
    field(at, "What to ask").input("Write.").run()
    [step] = steps(id)
    assert (step["id"], step["name"]) == ("first_draft", "First draft")
    assert step["task_template"]["input_data"]["query"] == "Write."
    assert field(at, "Name").value == "First draft"


def test_undo_and_redo_show_in_the_fields(build: Any) -> None:
    at, id = build(document(task("draft", "Before")))
    choose(at, "Draft")
    field(at, "What to ask").input("After").run()
    press(at, "Undo")
    assert field(at, "What to ask").value == "Before"
    assert steps(id)[0]["task_template"]["input_data"]["query"] == "Before"
    press(at, "Redo")
    assert field(at, "What to ask").value == "After"


@pytest.mark.long
def test_fifty_changes_are_taken_back_one_by_one_and_made_again(build: Any) -> None:
    at, id = build(document(task("draft")))
    first = kept(id)
    for number in range(50):
        press(at, ("Ask an agent", "Approval", "Branch", "Loop")[number % 4])
    last = kept(id)
    for _ in range(50):
        press(at, "Undo")
    assert kept(id) == first
    for _ in range(50):
        press(at, "Redo")
    assert kept(id) == last


def test_an_undone_name_gives_the_step_its_form_back(build: Any) -> None:
    at, _ = build(document())
    press(at, "Ask an agent")
    field(at, "Name").input("Classify").run()
    press(at, "Undo")
    assert field(at, "Name").value == "Task"
    press(at, "Redo")
    assert field(at, "Name").value == "Classify"


def test_a_value_is_put_in_by_its_name(build: Any) -> None:
    at, id = build(document(TASK, task("review", "Say what you think of")))
    choose(at, "Review")
    picker = field(at, "Insert a value")
    assert picker.options == ["Draft → result", "Your topic"]
    picker.select("Draft → result").run()
    query = steps(id)[1]["task_template"]["input_data"]["query"]
    assert query == "Say what you think of {{step.draft.result}}"
    assert field(at, "What to ask").value == query
    assert "Draft → result" in texts(at)


def test_a_condition_is_filled_in_and_stays_what_it_says(build: Any) -> None:
    branch = {"type": "conditional", "id": "path", "name": "Path", "condition": ""}
    at, id = build(document(TASK, {**branch, "if_branch": [task("yes")], "else_branch": []}))
    choose(at, "Path")
    field(at, "Value").select("Draft → result").run()
    field(at, "Text").input("Good").run()
    assert steps(id)[1]["condition"] == "step.draft.result.strip().lower() == 'good'"
    field(at, "Comparison").select("contains").run()
    assert steps(id)[1]["condition"] == "'good' in step.draft.result.strip().lower()"
    field(at, "Comparison").select("is more than").run()
    field(at, "Number").set_value(7).run()
    assert steps(id)[1]["condition"] == "float(step.draft.result) > 7"


def test_a_condition_that_says_more_is_an_expression_and_checked(build: Any) -> None:
    branch = {"type": "conditional", "id": "path", "name": "Path"}
    both = "'a' in topic and 'b' in topic"
    lanes = {"if_branch": [task("yes")], "else_branch": []}
    at, id = build(document({**branch, "condition": both, **lanes}))
    choose(at, "Path")
    assert field(at, "Expression").value == both
    field(at, "Expression").input("step.nobody.result == 'x'").run()
    assert "nobody" in texts(at)
    assert steps(id)[0]["condition"] == "step.nobody.result == 'x'"


def test_the_other_forms_change_their_steps(build: Any) -> None:
    loop = {"type": "loop", "id": "again", "name": "Again", "max_iterations": 3}
    side = {"type": "parallel", "id": "side", "name": "Side", "max_concurrency": 5}
    ask = {"type": "approval", "id": "ask", "name": "Ask", "message": "Well?"}
    at, id = build(
        document(
            {**loop, "steps": [task("a")], "exit_condition": "False"},
            {**side, "steps": [task("b")]},
            ask,
        )
    )
    choose(at, "Again")
    field(at, "At most so many turns").set_value(4).run()
    field(at, "End it sooner").check().run()
    field(at, "Value").select("This turn's result").run()
    field(at, "Text").input("done").run()
    choose(at, "Side")
    field(at, "At most so many at once").set_value(2).run()
    choose(at, "Ask")
    field(at, "What to ask the person").input("Publish it?").run()
    field(at, "If the person rejects it").set_value("The run goes on; a branch can go by it").run()
    again, beside, asked = steps(id)
    assert again["max_iterations"] == 4
    assert again["exit_condition"] == "step.result.strip().lower() == 'done'"
    assert beside["max_concurrency"] == 2
    assert (asked["message"], asked["on_reject"]) == ("Publish it?", "continue")


def test_steps_are_moved_duplicated_and_deleted(build: Any) -> None:
    at, id = build(document(task("one"), task("two")))
    choose(at, "Two")
    press(at, "Move up")
    assert [step["id"] for step in steps(id)] == ["two", "one"]
    press(at, "Duplicate")
    assert len(steps(id)) == 3
    press(at, "Delete")
    assert [step["id"] for step in steps(id)] == ["two", "one"]


def test_a_step_goes_where_it_is_wished(build: Any) -> None:
    loop = {"type": "loop", "id": "again", "name": "Again", "max_iterations": 3, "steps": []}
    at, id = build(document(loop, task("last")))
    choose(at, "Last")
    field(at, "Where a new step goes").select("Before Last").run()
    press(at, "Ask an agent")
    choose(at, "Again")
    assert field(at, "Where a new step goes").value == "Into Again"
    press(at, "Approval")
    again, new, last = steps(id)
    assert [step["type"] for step in again["steps"]] == ["approval"]
    assert (new["type"], last["id"]) == ("task", "last")


def test_inputs_are_declared_and_their_names_followed(build: Any) -> None:
    at, id = build(document(TASK))
    show(at, "Inputs")
    field(at, "Name in prompts").input("subject").run()
    assert kept(id)["inputs"][0]["name"] == "subject"
    assert steps(id)[0]["task_template"]["input_data"]["query"] == "Write about {{subject}}."
    press(at, "Add an input")
    assert [each["name"] for each in kept(id)["inputs"]] == ["subject", "input"]
    press(at, "Move down")
    assert [each["name"] for each in kept(id)["inputs"]] == ["input", "subject"]
    press(at, "Delete")
    assert [each["name"] for each in kept(id)["inputs"]] == ["subject"]


def test_a_problem_leads_to_its_step(build: Any) -> None:
    at, _ = build(document(TASK, task("review", "")))
    show(at, "Problems")
    assert "1 problem" in " ".join(str(each.value) for each in at.markdown) or at.badge
    press(at, "Go to Review")
    assert field(at, "Name").value == "Review"
    assert "must not be empty" in texts(at)


def test_with_problems_it_does_not_run_and_says_so(build: Any, store: ServiceRegistry) -> None:
    at, _ = build(document(task("draft", "")))
    press(at, "Run")
    assert "It cannot be run yet" in texts(at)
    assert "Run now" not in labels(at)


def test_it_runs_with_its_inputs(build: Any, store: ServiceRegistry) -> None:
    at, id = build(document(TASK))
    press_inside(at, "Run", "Run now", Your_topic="the moon")
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert run.inputs == {"topic": "the moon"}
    assert run.definition_id == id
    assert [version.number for version in workflow_services.list_versions(id)] == [1]


def between_two_editors(build: Any) -> tuple[AppTest, str]:
    """Build a workflow that another editor changes before something is typed into its step."""
    at, id = build(document(task("draft", "Mine before")))
    choose(at, "Draft")
    draft = workflow_services.open_draft(id)
    assert draft is not None
    theirs = document(task("draft", "Theirs"))
    workflow_services.keep_draft(id, theirs, draft.version, "another")
    field(at, "What to ask").input("Mine").run()
    return at, id


def test_what_another_editor_did_is_told_and_chosen(build: Any) -> None:
    at, id = between_two_editors(build)
    assert "was changed in another tab" in texts(at)
    assert steps(id)[0]["task_template"]["input_data"]["query"] == "Theirs"
    press(at, "Keep mine")
    assert steps(id)[0]["task_template"]["input_data"]["query"] == "Mine"
    assert "was changed in another tab" not in texts(at)


def test_the_other_editors_document_is_taken_and_ones_own_undone_to(build: Any) -> None:
    at, _ = between_two_editors(build)
    press(at, "Take theirs")
    assert field(at, "What to ask").value == "Theirs"
    press(at, "Undo")
    assert field(at, "What to ask").value == "Mine"


def test_a_reload_loses_nothing(build: Any, open_page: Open) -> None:
    at, id = build(document(TASK))
    choose(at, "Draft")
    field(at, "What to ask").input("Write more.").run()
    later = show(open_page("builder", workflow=id), "List")
    choose(later, "Draft")
    assert field(later, "What to ask").value == "Write more."


def test_a_version_that_is_restored_shows_and_can_be_undone(build: Any) -> None:
    at, id = build(document(task("draft", "First")))
    press(at, "Save version")
    choose(at, "Draft")
    field(at, "What to ask").input("Second").run()
    workflow_services.restore_version(id, 1)
    at.run()
    assert field(at, "What to ask").value == "First"
    press(at, "Undo")
    assert field(at, "What to ask").value == "Second"


def test_a_dry_run_shows_every_finished_prompt(build: Any) -> None:
    at, _ = build(document(TASK))
    press_inside(at, "Dry run", "Try it", Your_topic="the moon")
    assert not at.exception
    assert "Completed" in texts(at)
    assert "Prompt, as it was sent" in [part.label for part in at.expander]


def test_one_step_is_tried(build: Any, store: ServiceRegistry) -> None:
    at, _ = build(document(TASK, task("review", "Review {{step.draft.result}}.")))
    choose(at, "Review")
    press(at, "Try this step")
    field(at, "Draft → result").input("A text.")
    next(button for button in at.button if button.label == "Try it").click()
    press(at, "Try this step")
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert "A text." in run.inputs.values()


def test_a_template_is_opened_in_the_builder(open_page: Open) -> None:
    at = open_page("templates", template="critic-revise")
    at.text_input[0].input("the moon").run()
    press(at, "Open in the builder")
    assert at.title[0].value == "Critic and revise"
    [row] = workflow_services.list_workflows().rows
    assert kept(row.id)["inputs"][0]["default"] == "the moon"


def test_another_workflow_is_a_step(build: Any, store: ServiceRegistry) -> None:
    other = workflow_services.new_draft(document(TASK, name="Essay"))
    workflow_services.save_version(other, 1)
    at, id = build(document(task("plan")))
    press(at, "Workflow")
    assert field(at, "Workflow").options == ["Essay"]
    field(at, "Workflow").select(other).run()
    field(at, "Your topic").input("About").run()
    field(at, "Insert a value").select("Plan → result").run()
    [_, step] = steps(id)
    assert step["workflow_id"] == other
    assert step["inputs"] == {"topic": "About {{step.plan.result}}"}


def test_an_input_offers_what_its_type_has(build: Any) -> None:
    at, id = build(document(TASK))
    show(at, "Inputs")
    field(at, "Type").select("One of several").run()
    field(at, "Choices").set_value(["sea", "land"]).run()
    field(at, "Default").select("land").run()
    [declared] = kept(id)["inputs"]
    assert (declared["type"], declared["choices"]) == ("choice", ["sea", "land"])
    assert declared["default"] == "land"
    press(at, "Run")
    assert field(at, "Your topic").value == "land"
    show(at, "Inputs")
    field(at, "Type").select("Yes or no").run()
    field(at, "Yes at first").check().run()
    [declared] = kept(id)["inputs"]
    assert declared["default"] is True
    assert "choices" not in declared


def test_a_new_step_shows_nothing_of_one_that_was_named(build: Any) -> None:
    at, id = build(document())
    for name in ("Research", "Draft"):
        press(at, "Ask an agent")
        assert (field(at, "Name").value, field(at, "What to ask").value) == ("Task", "")
        field(at, "Name").set_value(name).run()
        field(at, "What to ask").set_value(f"{name}, please.").run()
    choose(at, "Research")
    assert field(at, "What to ask").value == "Research, please."
    press(at, "Duplicate")
    assert field(at, "Name").value == "Research (copy)"
    assert [step["id"] for step in steps(id)] == ["research", "research_2", "draft"]
