"""The templates' page."""

import asyncio

import pytest

from dashboard.components.text import literal
from symphony_core.agent_config import ASSISTANT
from symphony_core.orchestration.templates import GALLERY
from symphony_core.registry import ServiceRegistry
from tests.pages.conftest import Open, drawn, steps_in, texts


def test_every_template_has_a_card_with_its_cost(open_page: Open) -> None:
    shown = texts(open_page("templates"))
    assert all(literal(template.summary) in shown for template in GALLERY)
    assert "3 model calls" in shown
    assert "at most 5 model calls" in shown


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_a_template_is_filled_in_and_started(
    open_page: Open, store: ServiceRegistry, template: object
) -> None:
    key = template.key  # type: ignore[attr-defined]
    at = open_page("templates", template=key)
    widget = [*at.text_input, *at.text_area][0]
    widget.input("the moon").run()
    for role in at.selectbox:
        role.select("assistant").run()
    next(button for button in at.button if button.label == "Run now").click().run()
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert run.template == key
    assert "the moon" in run.inputs.values()
    assert "assistant" in str(run.definition)


def test_the_preview_follows_the_options(open_page: Open) -> None:
    at = open_page("templates", template="parallel-experts")
    fields = next(area for area in at.text_area if area.label.startswith("Fields"))
    fields.input("Law").run()
    assert "2 model calls" in texts(at)
    fields.input("").run()
    assert "needs at least one line" in texts(at).replace("\\", "")


def test_an_empty_input_is_said_and_nothing_is_started(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("templates", template="critic-revise")
    at.text_input[0].input("").run()
    next(button for button in at.button if button.label == "Run now").click().run()
    assert "needs a value" in texts(at)
    assert asyncio.run(store.get_repository("workflow").count()) == 0


def test_an_unknown_template_leads_to_the_gallery(open_page: Open) -> None:
    shown = texts(open_page("templates", template="nonsense"))
    assert "There is no template" in shown
    assert GALLERY[0].name in shown


def test_the_estimate_says_when_it_depends_on_the_way(open_page: Open) -> None:
    at = open_page("templates", template="iterative-refinement")
    assert "It depends on the way the run takes: at most 5 model calls." in texts(at)
    at.number_input[0].set_value(4).run()
    assert "at most 9 model calls" in texts(at)
    [graph] = drawn(at)
    assert steps_in(graph)["Refinement Loop"] == "up to 4 turns"


def test_a_mistake_is_said_once_and_nothing_typed_is_lost(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("templates", template="parallel-experts")
    question, fields = at.text_area
    question.input("What now?")
    fields.input("\n".join(f"field {number}" for number in range(21)))
    at.selectbox[0].select("assistant").run()
    next(button for button in at.button if button.label == "Run now").click().run()
    assert [error.value for error in at.error] == ["There are 1 to 20 experts, not 21\\."]
    assert at.text_area[0].value == "What now?"
    assert at.text_area[1].value.endswith("field 20")
    assert at.selectbox[0].value == "assistant"
    assert asyncio.run(store.get_repository("workflow").count()) == 0


def test_what_was_typed_is_there_after_another_page(open_page: Open) -> None:
    at = open_page("templates", template="critic-revise")
    at.text_input[0].input("the tides").run()
    at.switch_page("../pages/home.py").run()
    at.switch_page("../pages/templates.py")
    at.query_params["template"] = "critic-revise"
    at.run()
    assert at.text_input[0].value == "the tides"


def test_a_role_is_left_to_the_router_or_given_to_an_agent(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("templates", template="critic-revise")
    assert at.selectbox[0].options == [
        "Let the router choose",
        f"{ASSISTANT.name} · {ASSISTANT.role}",
    ]
    assert at.selectbox[0].value is None
    at.selectbox[0].select(ASSISTANT.id).run()
    [graph] = drawn(at)
    assert steps_in(graph)["Initial Response"] == ASSISTANT.name
