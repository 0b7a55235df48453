"""What is around every page: the tour, presenter mode, and the switch that explains."""

from streamlit.testing.v1 import AppTest

from symphony_core.registry import ServiceRegistry
from tests.pages.conftest import Open, run_template, texts


def dialogs(at: AppTest) -> list[str]:
    return [str(block.proto.dialog.title) for block in at.get("dialog")]


def test_the_tour_is_there_when_asked_for_and_not_before(open_page: Open) -> None:
    at = open_page("agents")
    assert dialogs(at) == []
    at.button(key="take-tour").click().run()
    assert dialogs(at) == ["A short tour"]
    for number in range(2, 6):
        at.button(key="tour-next").click().run()
        assert at.get("progress")[0].proto.text == f"{number} of 5"
    at.button(key="tour-back").click().run()
    assert at.get("progress")[0].proto.text == "4 of 5"
    at.button(key="tour-skip").click().run()
    assert dialogs(at) == []


def test_a_run_that_is_presented_stands_alone(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    at = open_page("run", run=run.id)
    at.toggle(key="present-switch").set_value(True).run()
    assert at.query_params["present"] == "1"
    labels = {button.label for button in at.button}
    assert labels == {"Leave presenter mode"}
    assert len(at.sidebar) == 0
    at.button(key="leave-presenting").click().run()
    assert "present" not in at.query_params
    assert "Run again" in {button.label for button in at.button}
    assert not at.toggle(key="present-switch").value


def test_nothing_but_a_run_is_presented(open_page: Open) -> None:
    at = open_page("home", present="1")
    assert "Leave presenter mode" not in {button.label for button in at.button}
    assert not [toggle for toggle in at.toggle if toggle.label == "Presenter mode"]


def test_a_link_to_a_run_keeps_how_it_is_to_be_shown(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = run_template(store)
    at = open_page("home", run=run.id, present="1", explain="1")
    assert {button.label for button in at.button} == {"Leave presenter mode"}
    assert "Assistant wrote a first version" in texts(at)


def test_a_run_is_explained_where_that_is_wanted(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    at = open_page("run", run=run.id)
    assert "Assistant wrote a first version" not in texts(at)
    at.toggle(key="explain-switch").set_value(True).run()
    assert at.query_params["explain"] == "1"
    assert "Assistant wrote a first version" in texts(at)
    assert "When each one was at work" in texts(at)
    at.toggle(key="explain-switch").set_value(False).run()
    assert "explain" not in at.query_params
    assert "Assistant wrote a first version" not in texts(at)


def test_what_is_explained_is_text(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store, topic="**x** <script>alert(1)</script>")
    shown = texts(open_page("run", run=run.id, explain="1"))
    assert "<script>" not in shown
