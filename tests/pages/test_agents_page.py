"""The agents' page."""

import asyncio

from streamlit.testing.v1 import AppTest

from symphony_core.agent_config import AgentConfig
from symphony_core.registry import ServiceRegistry
from tests.pages.conftest import Open, texts


def field(at: AppTest, label: str) -> AppTest:
    found = [*at.text_input, *at.text_area]
    return next(widget for widget in found if widget.label == label)  # type: ignore[return-value]


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def stored(store: ServiceRegistry) -> dict[str, AgentConfig]:
    found = asyncio.run(store.get_repository("agent_config").find_all())
    return {agent.name: agent for agent in found}


def test_a_new_agent_is_made(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("agents", agent="new")
    field(at, "Name").input("Poet").run()
    field(at, "Role").input("Writes poems").run()
    field(at, "Instructions").input("You write about {{subject}}.").run()
    assert "subject" in texts(at)  # the prompt cannot be finished yet, and says what is missing
    field(at, "Variables, one a line: name = value").input("subject = rain").run()
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


def test_a_change_that_somebody_else_made_first_is_not_overwritten(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("agents", agent="assistant")
    theirs = stored(store)["Assistant"]
    theirs.description = "Theirs"
    asyncio.run(store.get_repository("agent_config").save(theirs))
    field(at, "Description").input("Mine").run()
    press(at, "Save")
    assert "was changed by someone else" in texts(at)
    assert field(at, "Description").value == "Mine"
    assert stored(store)["Assistant"].description == "Theirs"


def test_an_agent_is_copied(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("agents")
    press(at, "Duplicate")
    assert "Assistant (copy)" in stored(store)


def test_an_agent_is_not_deleted_before_a_question(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("agents")
    press(at, "Delete")
    assert "Assistant" in stored(store)
    assert "will be gone for good" in texts(at)


def test_without_agents_the_page_offers_to_make_one(
    open_page: Open, store: ServiceRegistry
) -> None:
    asyncio.run(store.get_repository("agent_config").delete("assistant"))
    at = open_page("agents")
    assert "No agents yet" in texts(at)
    press(at, "New agent")
    assert "New agent" in texts(at)


def test_an_unknown_agent_is_named(open_page: Open) -> None:
    assert "'nowhere'" in texts(open_page("agents", agent="nowhere")).replace("\\", "")


def test_a_name_is_shown_as_it_is(open_page: Open, store: ServiceRegistry) -> None:
    agent = stored(store)["Assistant"]
    agent.name = "**x** :red[y] <script>"
    asyncio.run(store.get_repository("agent_config").save(agent))
    shown = texts(open_page("agents"))
    assert r"\*\*x\*\*" in shown
    assert ":red[y]" not in shown
