"""The home page."""

import asyncio

import pytest

from dashboard.components.text import literal
from symphony_core.orchestration.templates import GALLERY
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.samples import add_samples
from tests.pages.conftest import Open, drawn, run_template, start_run, steps_in, texts

HOSTILE = "**x** :red[y] <script>alert(1)</script> https://evil.example"


def test_without_runs_it_says_what_will_stand_there(open_page: Open) -> None:
    at = open_page("home")
    shown = texts(at)
    assert "Runs that have ended stand here" in shown
    assert "Scripted model" in shown
    assert "canned text, no model was asked" in shown
    assert [metric.value for metric in at.metric] == ["0", "–", "0", "–"]


def test_runs_are_counted_and_listed(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    at = open_page("home")
    tokens = f"{run.input_tokens + run.output_tokens:,}"
    assert [metric.value for metric in at.metric] == ["1", "100%", tokens, "free"]
    assert "benefits of a morning walk" in texts(at)


def test_samples_do_not_count_and_can_be_removed(open_page: Open, store: ServiceRegistry) -> None:
    asyncio.run(add_samples(store))
    at = open_page("home")
    assert at.metric[0].value == "0"
    next(button for button in at.button if button.label == "Remove the samples").click().run()
    assert asyncio.run(store.get_repository("workflow").count()) == 0
    assert asyncio.run(store.get_repository("step_run").count()) == 0
    assert "Runs that have ended stand here" in texts(at)


def test_one_button_starts_a_sample_run(open_page: Open, store: ServiceRegistry) -> None:
    at = open_page("home")
    at.button(key="Run-critic-revise").click().run()
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert (run.status, run.template) == ("pending", "critic-revise")
    assert run.inputs == {"topic": "the benefits of a morning walk"}


def test_what_is_running_stands_first_and_leads_to_its_page(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = start_run(store)
    at = open_page("home")
    assert [heading.value for heading in at.subheader][0] == "Under way"
    [link] = [link for link in at.page_link if link.label == "**Critic and revise**"]
    assert link.proto.query_string == f"run={run.id}"
    assert at.menu_button(key=f"live-{run.id}").options == [":material/stop_circle: Cancel"]


def test_a_card_has_a_drawing_that_says_what_it_shows(open_page: Open) -> None:
    graphs = drawn(open_page("home"))
    assert [graph["alt"].partition(":")[0] for graph in graphs] == [each.name for each in GALLERY]
    assert list(steps_in(graphs[0])) == ["Initial Response", "Critique", "Revision"]
    assert not any(graph["selectable"] for graph in graphs)


def test_a_model_that_is_not_ready_is_said_with_the_way_out(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMPHONY_MODEL", "openai-chat:gpt-x")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    [warning] = open_page("home").warning
    assert "OPENAI_API_KEY" in warning.value.replace("\\", "")


def test_names_are_shown_as_they_are(open_page: Open, store: ServiceRegistry) -> None:
    run_template(store, topic=HOSTILE)
    at = open_page("home")
    [about] = [caption.value for caption in at.caption if "alert" in caption.value]
    assert about == f"&ensp;{literal(HOSTILE)}"
