"""The home page."""

import asyncio

from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.samples import add_samples
from tests.pages.conftest import Open, run_template, texts


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
