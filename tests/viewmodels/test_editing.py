import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.viewmodels import editing
from dashboard.viewmodels.history import History
from dashboard.viewmodels.places import Place
from dashboard.viewmodels.referring import named, referable
from symphony_core.errors import DefinitionError
from symphony_core.io.documents import workflow_from
from symphony_core.io.editable import closed, editable, every_step
from symphony_core.io.problems import problems_of
from symphony_core.orchestration.templates import GALLERY
from tests.support.definitions import DEFINITIONS

EMPTY = {"name": "Tale", "steps": []}


def ask(id, name, query="Why?"):
    return {
        "type": "task",
        "id": id,
        "name": name,
        "task_template": {"input_data": {"query": query}},
    }


def tale():
    loop = {
        "type": "loop",
        "id": "again",
        "name": "Again",
        "steps": [ask("improve", "Improve", "{{step.draft.result}} {{step.improve.result}}")],
        "max_iterations": 3,
        "exit_condition": "'good' in step.result",
    }
    choice = {
        "type": "conditional",
        "id": "hard",
        "name": "Hard?",
        "condition": "'yes' in step.draft.result",
        "if_branch": [ask("think", "Think", "{{step.draft.result}}")],
        "else_branch": [],
    }
    return {"name": "Tale", "steps": [ask("draft", "Draft"), choice, loop]}


def order(document):
    return [row.id for row in editing.rows(document)]


@settings(max_examples=60, deadline=None)
@given(DEFINITIONS)
def test_a_workflow_that_is_opened_and_closed_again_is_the_same(definition):
    read = workflow_from(closed(editable(definition)))
    apart = {"created_at", "steps"}  # a document may leave out what a step then says
    assert read.model_dump(exclude=apart) == definition.model_dump(exclude=apart)
    steps = [[step.to_dict() for step in one.get_steps()] for one in (read, definition)]
    assert steps[0] == steps[1]


@settings(max_examples=60, deadline=None)
@given(DEFINITIONS)
def test_what_can_be_saved_has_no_problems(definition):
    assert [one for one in problems_of(editable(definition)) if not one.is_warning] == []


def test_a_new_step_has_a_free_name_and_id():
    document = editing.insert(EMPTY, Place(None, "steps", 0), editing.new_step("task", EMPTY))
    step = editing.new_step("task", document)
    assert (step["id"], step["name"]) == ("task_2", "Task 2")


@pytest.mark.parametrize("kind", editing.KINDS)
def test_a_step_of_any_kind_is_put_anywhere_and_taken_out_again(kind):
    document = tale()
    before = copy.deepcopy(document)
    places = [
        *(row.place for row in editing.rows(document)),
        Place("hard", "else_branch", 0),
        Place("again", "steps", 1),
        editing.place_after(document, None),
    ]
    for place in places:
        step = editing.new_step(kind, document)
        put = editing.insert(document, place, step)
        assert editing.place_of(put, step["id"]) == place
        assert editing.remove(put, step["id"]) == document
    assert document == before


def test_a_step_moves_by_the_list_up_down_in_and_out():
    document = tale()

    def go(document, id, way):
        row = next(row for row in editing.rows(document) if row.id == id)
        return editing.move(document, id, row.moves[way])

    assert order(document) == ["draft", "hard", "think", "again", "improve"]
    moved = go(document, "again", "in")
    assert editing.place_of(moved, "again") == Place("hard", "if_branch", 1)
    moved = go(moved, "again", "down")
    assert editing.place_of(moved, "again") == Place("hard", "else_branch", 0)
    moved = go(moved, "again", "up")
    assert editing.place_of(moved, "again") == Place("hard", "if_branch", 1)
    moved = go(moved, "again", "up")
    assert order(moved) == ["draft", "hard", "again", "improve", "think"]
    assert go(go(moved, "again", "out"), "draft", "down")["steps"][0]["id"] == "hard"
    assert go(go(moved, "again", "down"), "again", "out") == document


def test_a_step_cannot_be_put_into_itself():
    with pytest.raises(DefinitionError, match="'Hard\\?' cannot be put into itself"):
        editing.move(tale(), "hard", Place("hard", "if_branch", 0))


def test_a_copy_refers_to_itself_where_the_original_does():
    document, copied = editing.duplicate(tale(), "again")
    improve = next(step for step in every_step(document["steps"]) if step["id"] == "improve_2")
    query = improve["task_template"]["input_data"]["query"]
    assert query == "{{step.draft.result}} {{step.improve_2.result}}"
    assert copied == "again_2"
    assert editing.step_of(document, copied)["name"] == "Again (copy)"


def test_the_first_name_makes_the_id_and_all_references_follow():
    document = editing.insert(EMPTY, Place(None, "steps", 0), ask("task", "Task"))
    document = editing.insert(
        document, Place(None, "steps", 1), ask("b", "B", "{{step.task.result}}")
    )
    document, id = editing.rename(document, "task", "First draft!")
    assert id == "first_draft"
    assert (
        document["steps"][1]["task_template"]["input_data"]["query"]
        == "{{step.first_draft.result}}"
    )
    document, id = editing.rename(document, id, "Another")
    assert (id, document["steps"][0]["name"]) == ("first_draft", "Another")


def test_a_name_that_gives_no_id_leaves_it():
    document = editing.insert(EMPTY, Place(None, "steps", 0), ask("task", "Task"))
    assert editing.rename(document, "task", "日本")[1] == "task"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(editing.KINDS)), st.integers(0, 99)),
        min_size=50,
        max_size=60,
    )
)
def test_fifty_changes_undone_and_done_again_end_in_the_same(changes):
    history = History(EMPTY)
    for kind, number in changes:
        document = history.present
        steps = editing.rows(document)
        if steps and number % 3 == 0:
            document = editing.remove(document, steps[number % len(steps)].id)
        elif steps and number % 3 == 1:
            moves = steps[number % len(steps)].moves.values()
            for place in list(moves)[:1]:
                document = editing.move(document, steps[number % len(steps)].id, place)
        else:
            place = (
                steps[number % len(steps)].place if steps else editing.place_after(document, None)
            )
            document = editing.insert(document, place, editing.new_step(kind, document))
        history.do(document, kind)
    end = copy.deepcopy(history.present)
    while history.undoes:
        history.undo()
    assert history.present == EMPTY
    while history.redoes:
        history.redo()
    assert history.present == end


def test_what_is_typed_in_a_row_is_undone_at_once():
    history = History(EMPTY)
    history.do({**EMPTY, "name": "T"}, "Rename", "name")
    history.do({**EMPTY, "name": "To"}, "Rename", "name")
    history.undo()
    assert history.present == EMPTY
    assert (history.undoes, history.redoes) == (None, "Rename")


def test_a_step_refers_by_name_to_what_is_there_before_it():
    labels = [
        one.label
        for one in referable({**tale(), "inputs": [{"name": "topic", "label": "Topic"}]}, "think")
    ]
    assert labels == ["Draft → result", "Topic"]
    labels = [one.label for one in referable(tale(), "again", at_end=True)]
    assert labels[:2] == ["This turn's result", "Improve → result"]
    assert (
        named("Mend {{step.draft.result}}, {{other}}.", tale())
        == "Mend [Draft → result], {{other}}."
    )


@pytest.mark.parametrize(
    ("id", "fields", "problem"),
    [
        ("draft", {"task_template": {"input_data": {"query": " "}}}, ("draft", "prompt", "The prompt must not be empty.")),
        ("draft", {"name": ""}, ("draft", "name", "The name must not be empty.")),
        ("draft", {"agent_id": "gone"}, ("draft", "agent_id", "There is no agent 'gone' here: choose another.")),
        ("hard", {"condition": "step.draft.result ="}, ("hard", "condition", None)),
        ("hard", {"if_branch": []}, ("hard", "if_branch", "Yes leads to no step: put one there.")),
        ("again", {"steps": []}, ("again", "steps", "It holds no step yet: put one into it.")),
        ("again", {"max_iterations": 0}, ("again", "max_iterations", None)),
        ("think", {"task_template": {"input_data": {"query": "{{step.improve.result}}"}}}, ("think", "prompt", None)),
        ("again", {"exit_condition": "step.nobody.result == 'x'"}, ("again", "exit_condition", None)),
    ],
)  # fmt: skip
def test_a_problem_stands_at_its_field(id, fields, problem):
    step, field, message = problem
    (found,) = problems_of(editing.change(tale(), id, fields), agents=())
    assert (found.step, found.field) == (step, field)
    assert message is None or found.message == message


def test_a_workflow_as_a_step_must_be_chosen_and_there():
    document = editing.insert(tale(), Place(None, "steps", 0), editing.new_step("workflow", tale()))
    (found,) = problems_of(document, workflows={"essay": ()})
    assert (found.field, found.message) == ("workflow_id", "Choose the workflow that runs here.")
    document = editing.change(document, str(found.step), {"workflow_id": "letter"})
    (found,) = problems_of(document, workflows={"essay": ()})
    assert found.message == "No workflow 'letter' is here: choose another."
    assert problems_of(document, workflows={"letter": ()}) == []


def test_a_workflow_as_a_step_is_given_what_it_needs():
    document = editing.insert(tale(), Place(None, "steps", 0), editing.new_step("workflow", tale()))
    id = document["steps"][0]["id"]
    document = editing.change(document, id, {"workflow_id": "letter", "inputs": {"to": " "}})
    needs = {"letter": ("to", "about")}
    assert [(one.step, one.field, one.message) for one in problems_of(document, None, needs)] == [
        (id, "inputs", "Its input 'to' needs a value."),
        (id, "inputs", "Its input 'about' needs a value."),
    ]
    given = {"inputs": {"to": "Ada", "about": "bees"}}
    assert problems_of(editing.change(document, id, given), None, needs) == []


def test_all_problems_are_there_at_once():
    document = editing.change(tale(), "draft", {"name": ""})
    document = editing.change(document, "think", {"task_template": {"input_data": {"query": "{{"}}})
    document = editing.change(
        document, "improve", {"task_template": {"input_data": {"query": "{{step.x.result}}"}}}
    )
    assert [one.step for one in problems_of(document)] == ["draft", "think", "improve"]


def test_an_empty_workflow_says_what_to_do():
    assert [one.message for one in problems_of(EMPTY)] == [
        "The workflow has no steps yet: add one first."
    ]


def test_steps_that_no_run_reaches_are_warned_of():
    (found,) = problems_of(editing.change(tale(), "hard", {"condition": "False"}))
    assert found.is_warning
    assert (
        found.message == "The steps under Yes are never reached: the condition is always the same."
    )


def test_a_step_of_one_branch_does_not_see_the_other():
    other = ask("other", "Other", "{{step.think.result}}")
    (found,) = problems_of(editing.insert(tale(), Place("hard", "else_branch", 0), other))
    assert found.step == "other"


def test_inputs_have_problems_of_their_own():
    inputs = [{"name": "a b"}, {"name": "n", "type": "number"}, {"name": "n"}]
    found = problems_of({**tale(), "inputs": inputs})
    assert [one.field for one in found] == ["inputs.0.name", "inputs.2.name"]


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_every_template_opens_without_problems(template):
    assert problems_of(editable(template.build())) == []
