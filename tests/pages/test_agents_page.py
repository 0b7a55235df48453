"""The agents' page."""

import asyncio
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import agent_library, agent_trials
from symphony_core.agent_config import AgentConfig
from symphony_core.io.documents import Form, dump_agent
from symphony_core.registry import ServiceRegistry
from symphony_core.shelf import Shelf
from tests.pages.conftest import Open, run_template, texts
from tests.pages.test_agent_services import work


def field(at: AppTest, label: str) -> AppTest:
    found = [*at.text_input, *at.text_area, *at.selectbox]
    return next(widget for widget in found if widget.label == label)  # type: ignore[return-value]


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def stored(store: ServiceRegistry) -> dict[str, AgentConfig]:
    found = asyncio.run(store.get_repository("agent_config").find_all())
    return {agent.name: agent for agent in found}


def change(store: ServiceRegistry, **changes: Any) -> None:
    """Change the assistant as somebody else would."""
    agent = stored(store)["Assistant"]
    for name, value in changes.items():
        setattr(agent, name, value)
    asyncio.run(store.get_repository("agent_config").save(agent))


def test_a_new_agent_is_made(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("agents", agent="new")
    field(at, "Name").input("Poet").run()
    field(at, "Role").input("Writes poems").run()
    field(at, "Instructions").input("You write about {{subject}}.").run()
    assert "subject" in texts(at)  # the prompt cannot be finished yet, and says what is missing
    press(at, "Add variable")
    field(at, "Variable").input(" subject ").run()
    field(at, "Value").input("rain").run()
    assert [code.value for code in at.code] == ["You write about rain."]
    press(at, "Save")
    assert stored(store)["Poet"].variables == {"subject": "rain"}
    assert "Poet" in texts(at)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("agents", agent="new")
    field(at, "Role").input("Writes poems").run()
    press(at, "Save")
    assert "Name" in texts(at)
    assert field(at, "Role").value == "Writes poems"
    assert list(stored(store)) == ["Assistant"]


def test_nothing_is_red_before_something_is_wrong(open_page: Open) -> None:
    at = open_page("agents", agent="new")
    field(at, "Instructions").input("You write about {{subject}}.").run()
    press(at, "Add variable")
    field(at, "Value").input("rain").run()
    press(at, "Add choice")
    assert not at.error
    field(at, "Variable").input("subject").run()
    assert not at.error
    assert [code.value for code in at.code] == ["You write about rain."]


def test_what_was_stored_is_stored_again_as_it_was(open_page: Open, store: ServiceRegistry) -> None:
    variables = {"lines": " a\nb = c\n", "list": ["x", 1], "no": None, "odd name": "", "yes": True}
    choices = ["one\ntwo", " three", "four"]
    change(store, variables=variables, answer_choices=choices)
    at = open_page("agents", agent="assistant")
    field(at, "Description").input("Mine").run()
    press(at, "Save")
    agent = stored(store)["Assistant"]
    assert agent.description == "Mine"
    assert agent.variables == variables
    assert agent.answer_choices == choices


def test_what_is_typed_may_have_several_lines(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("agents", agent="assistant")
    press(at, "Add variable")
    field(at, "Variable").input("subject").run()
    field(at, "Value").input("rain\nand = snow").run()
    press(at, "Add choice")
    field(at, "Choice").input("yes\n").run()
    press(at, "Add choice")
    at.text_area[-1].input("no,\nnever").run()
    press(at, "Save")
    assert stored(store)["Assistant"].variables == {"subject": "rain\nand = snow"}
    assert stored(store)["Assistant"].answer_choices == ["yes", "no,\nnever"]


def test_a_row_is_removed_and_the_others_stay(open_page: Open, store: ServiceRegistry) -> None:
    change(store, variables={"a": "1", "b": "2", "c": "3"})
    at = open_page("agents", agent="assistant")
    remove = [button for button in at.button if button.label == "Remove"]
    remove[1].click().run()
    press(at, "Add variable")
    assert [area.value for area in at.text_area if area.label == "Value"] == ["1", "3", ""]
    press(at, "Save")  # a row that is still empty is no variable
    assert stored(store)["Assistant"].variables == {"a": "1", "c": "3"}


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["", "x"], "The variable with the value 'some text' has no name"),
        (["x", "x"], "Two variables are called 'x'"),
        (["two words", "x"], "A variable cannot be called 'two words'"),
    ],
)
def test_a_variable_without_a_name_of_its_own_is_not_saved(
    open_page: Open, store: ServiceRegistry, names: list[str], sentence: str
) -> None:
    at = open_page("agents", agent="assistant")
    for place, name in enumerate(names):
        press(at, "Add variable")
        [box for box in at.text_input if box.label == "Variable"][place].input(name).run()
        [area for area in at.text_area if area.label == "Value"][place].input("some text").run()
    press(at, "Save")
    assert sentence in texts(at).replace("\\", "")
    assert stored(store)["Assistant"].variables == {}


def test_a_model_that_is_not_in_the_list_shows_its_own_state(
    open_page: Open, store: ServiceRegistry
) -> None:
    change(store, model="embedded:/nowhere.gguf")
    at = open_page("agents", agent="assistant")
    assert field(at, "Model").value == "embedded:/nowhere.gguf"
    assert "There is no file '/nowhere.gguf'" in texts(at).replace("\\", "")


def test_a_model_that_cannot_be_is_named(open_page: Open, store: ServiceRegistry) -> None:
    change(store, model="nonsense:x")
    at = open_page("agents", agent="assistant")
    assert "There is no model 'nonsense:x'" in texts(at).replace("\\", "")
    assert field(at, "Model").value == "nonsense:x"


def test_a_change_that_somebody_else_made_first_is_not_overwritten(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("agents", agent="assistant")
    change(store, description="Theirs")
    field(at, "Description").input("Mine").run()
    press(at, "Save")
    assert "was changed by someone else" in texts(at)
    assert field(at, "Description").value == "Mine"
    assert stored(store)["Assistant"].description == "Theirs"


def test_after_a_conflict_the_other_version_is_loaded_when_asked_for(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("agents", agent="assistant")
    change(store, description="Theirs", variables={"subject": "rain"})
    field(at, "Description").input("Mine").run()
    press(at, "Save")
    field(at, "Role").input("Mine too").run()
    assert field(at, "Description").value == "Mine"
    press(at, "Load the other version")
    assert field(at, "Description").value == "Theirs"
    assert field(at, "Role").value == "General assistant"
    assert field(at, "Variable").value == "subject"
    assert "was changed by someone else" not in texts(at)
    field(at, "Description").input("Both").run()
    press(at, "Save")
    assert stored(store)["Assistant"].description == "Both"


def test_what_is_half_typed_is_there_again_after_another_page(open_page: Open) -> None:
    at = open_page("agents", agent="assistant")
    field(at, "Description").input("Half").run()
    press(at, "Add variable")
    field(at, "Value").input("rain\nsnow").run()
    at.query_params.clear()
    at.switch_page("../pages/home.py").run()
    at.switch_page("../pages/agents.py").run()
    assert "Changes not saved yet" in texts(at)
    press(at, "Edit")
    assert field(at, "Description").value == "Half"
    assert field(at, "Value").value == "rain\nsnow"
    press(at, "Discard changes")
    assert field(at, "Description").value.startswith("Built in")
    assert not [area for area in at.text_area if area.label == "Value"]
    press(at, "All agents")
    assert "Changes not saved yet" not in texts(at)


def test_a_new_agent_that_was_left_goes_on(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("agents", agent="new")
    field(at, "Role").input("Writes poems").run()
    press(at, "All agents")
    press(at, "Go on with the new agent")
    assert field(at, "Role").value == "Writes poems"
    field(at, "Name").input("Poet").run()
    field(at, "Instructions").input("You write.").run()
    press(at, "Save")
    assert stored(store)["Poet"].role == "Writes poems"
    press(at, "All agents")
    press(at, "New agent")
    assert field(at, "Role").value == ""


def test_an_agent_that_was_only_looked_at_is_read_again(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("agents", agent="assistant")
    press(at, "All agents")
    change(store, description="Theirs")
    press(at, "Edit")
    assert field(at, "Description").value == "Theirs"


def test_the_search_is_there_again_after_another_page(
    open_page: Open, store: ServiceRegistry
) -> None:
    for number in range(9):
        agent = AgentConfig(name=f"Poet {number}", role="Writes", instruction_template="Write.")
        asyncio.run(store.get_repository("agent_config").save(agent))
    at = open_page("agents")
    field(at, "Search").input("poet 7").run()
    at.switch_page("../pages/home.py").run()
    at.switch_page("../pages/agents.py").run()
    assert field(at, "Search").value == "poet 7"
    assert "Poet 7" in texts(at)
    assert "Poet 6" not in texts(at)


def choose(at: AppTest, action: str, agent_id: str = "assistant") -> AppTest:
    """Choose something of an agent's menu."""
    options = ["Duplicate", "Export", "Archive", "Delete"]
    at.menu_button(key=f"menu-{agent_id}").click_index(options.index(action)).run()
    assert not at.exception
    return at


def test_an_agent_is_copied(open_page: Open, store: ServiceRegistry) -> None:
    at = choose(open_page("agents"), "Duplicate")
    assert field(at, "Name").value == "Assistant (copy)"
    assert stored(store)["Assistant (copy)"].saved_number == 1


def test_before_an_agent_is_deleted_it_is_said_what_uses_it(
    open_page: Open, store: ServiceRegistry
) -> None:
    assert "Nothing uses it" in texts(choose(open_page("agents"), "Delete"))
    run_template(store)
    at = choose(open_page("agents"), "Delete")
    assert "is used by 1 run, so it cannot be deleted" in texts(at)
    assert "delete-for-good" not in [button.key for button in at.button]
    choose(at, "Archive")
    assert "No agents yet" in texts(open_page("agents"))
    assert list(stored(store)) == ["Assistant"]


def test_who_is_archived_is_offered_again_when_taken_back(
    open_page: Open, store: ServiceRegistry
) -> None:
    choose(open_page("agents"), "Archive")
    at = open_page("agents")
    at.toggle(key="archived-agents").set_value(True).run()
    choose(at, "Archive")  # there it is the way back
    assert stored(store)["Assistant"].archived_at is None
    assert "Try it" in [button.label for button in open_page("agents").button]


def test_versions_are_compared_field_by_field_and_restored(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("agents", agent="assistant")
    field(at, "Role").input("Helper").run()
    field(at, "Instructions").input("You help people.\nKindly.").run()
    press(at, "Save")
    at = open_page("agents", agent="assistant", view="versions")
    shown = texts(at)
    assert "**Version 2** :green-badge" in shown
    assert "Changed: Role, Instructions" in shown.replace("\\", "")
    assert "General assistant :material/arrow_right_alt: Helper" in shown
    press(at, "Restore")
    agent = stored(store)["Assistant"]
    assert (agent.role, agent.saved_number) == ("General assistant", 3)
    assert "**Version 3** :green-badge" in texts(at)


def test_workflows_and_runs_that_use_an_agent_are_linked(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_template(store)
    shelf = Shelf(store)
    step = {"id": "s", "type": "task", "name": "Open it", "agent_id": "assistant"}
    draft = asyncio.run(shelf.new({"name": "Letters", "steps": [step]}))
    at = open_page("agents", agent="assistant", view="uses")
    linked = [link.proto.query_string for link in at.get("page_link")]
    assert [f"workflow={draft.id}", f"run={run.id}"] == linked[-2:]
    assert "Asked in: Open it" in texts(at)


def test_the_library_offers_what_is_not_here_yet(open_page: Open) -> None:
    agent_library.add_starter("starter-editor")
    at = press(open_page("agents"), "Add from the library")
    offered = [str(button.key) for button in at.button if str(button.key).startswith("add-s")]
    assert len(offered) == 9
    assert "add-starter-editor" not in offered
    assert "It is among your agents" in texts(at)


def test_agents_answer_side_by_side_until_the_chat_is_thrown_away(
    open_page: Open, store: ServiceRegistry
) -> None:
    agent_library.add_starter("starter-editor")
    chat = agent_trials.ask(None, ["assistant", "starter-editor"], "**Why?**", {}, remembers=True)
    work(store)
    at = open_page("agents", agent="assistant", view="try", chat=chat)
    shown = texts(at).replace("\\", "")
    assert "Assistant · version 1" in shown
    assert "Editor · version 1" in shown
    assert "**Why?**" in shown
    assert "1 question" in shown
    press(at, "Throw away")
    assert "Ask it something" in texts(at)
    assert asyncio.run(store.get_repository("workflow").count()) == 0


def test_a_question_is_asked_and_waits_for_a_worker(
    open_page: Open, store: ServiceRegistry
) -> None:
    change(store, instruction_template="You know {{topic}}.")
    at = open_page("agents", agent="assistant", view="try")
    field(at, "topic").input("rain").run()
    at.chat_input[0].set_value("Why?").run()
    assert "It goes on as soon as a worker is there" in texts(at)
    assert at.chat_input[0].disabled
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert run.inputs == {"topic": "rain", "what_was_asked": "Why?"}
    press(at, "Stop")
    at.run()
    assert not at.chat_input[0].disabled
    assert not at.exception


def test_an_export_is_the_document(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("agents", agent="assistant", view="export")
    assert [code.value for code in at.code] == [
        dump_agent(stored(store)["Assistant"], Form.YAML).rstrip("\n")
    ]


def test_an_agent_that_can_be_no_document_says_why(open_page: Open, store: ServiceRegistry) -> None:
    change(store, model="embedded:/nowhere.gguf")
    at = open_page("agents", agent="assistant", view="export")
    assert "model" in at.error[0].value


def test_agents_are_lines_of_a_table_when_that_is_wished(open_page: Open) -> None:
    at = open_page("agents")
    at.button_group(key="agents-look").set_value([":material/table_rows: Table"]).run()
    assert "version 1" in texts(at)
    assert "General assistant" in texts(at)
    assert not at.exception


def test_problems_of_the_prompt_are_marked(open_page: Open) -> None:
    at = open_page("agents", agent="assistant")
    field(at, "Instructions").input("About {{topic}}, in {tone}. See {{step.a.result}}.").run()
    shown = texts(at).replace("\\", "")
    assert ":orange-badge[:material/help: topic: no value]" in shown
    assert "A workflow with an input 'topic' fills it" in shown
    assert "{{step.a.result}} is a step's value" in shown
    assert "{tone} stays as it is" in shown
    press(at, "Add variable")
    field(at, "Variable").input("spare").run()
    assert "The variable 'spare' stands nowhere in it" in texts(at).replace("\\", "")


def test_without_agents_the_page_offers_to_make_one(
    open_page: Open, store: ServiceRegistry
) -> None:
    asyncio.run(store.get_repository("agent_config").delete("assistant"))
    at = open_page("agents")
    assert "No agents yet" in texts(at)
    press(at, "New agent")
    assert "New agent" in texts(at)


@pytest.mark.parametrize("name", ["nowhere", "../nowhere"])
def test_an_unknown_agent_is_named_above_those_there_are(open_page: Open, name: str) -> None:
    at = open_page("agents", agent=name)
    assert f"There is no agent '{name}'" in texts(at).replace("\\", "")
    press(at, "Edit")
    assert field(at, "Name").value == "Assistant"


def test_a_name_is_shown_as_it_is(open_page: Open, store: ServiceRegistry) -> None:
    change(store, name="**x** :red[y] <script>")
    shown = texts(open_page("agents"))
    assert r"\*\*x\*\*" in shown
    assert ":red[y]" not in shown


def test_an_agent_is_given_tools_and_a_form_for_its_answers(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("agents", agent="new")
    field(at, "Name").input("Reckoner").run()
    field(at, "Role").input("Reckons").run()
    field(at, "Instructions").input("You reckon.").run()
    tools = next(widget for widget in at.multiselect if widget.label == "Tools")
    tools.select("calculator").run()
    schema = field(at, "Answers as data")
    schema.input('{"type": "object"').run()
    press(at, "Save")
    assert "is no JSON" in texts(at)
    properties = '{"type": "object", "properties": {"sum": {"type": "number"}}}'
    field(at, "Answers as data").input(properties).run()
    press(at, "Save")
    agent = stored(store)["Reckoner"]
    assert agent.capabilities.tools == ["calculator"]
    assert agent.answer_schema == {"type": "object", "properties": {"sum": {"type": "number"}}}
