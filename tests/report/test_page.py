"""A run as a web page: what a validator says of it, and what it tells."""

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.report.contents import Report, without_inputs
from dashboard.report.lanes import lanes_of
from dashboard.report.page import to_html
from dashboard.theme import STATUS
from dashboard.viewmodels.timeline import bars_of
from symphony_core.orchestration.templates import GALLERY
from symphony_core.orchestration.templates.base import Template
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun
from tests.report.test_formats import guarded
from tests.support.reports import hostile_run, report_of
from tests.support.scripted import answer_with
from tests.support.web import complaints
from tests.viewmodels.test_timeline import START, step


def said_of(report: Report, folder: Path) -> list[str]:
    file = folder / "report.html"
    file.write_text(to_html(report), encoding="utf-8")
    return complaints(file)


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
async def test_a_report_is_valid(
    template: Template, registry: ServiceRegistry, tmp_path: Path
) -> None:
    answer_with(registry, [{"match": "", "reply": "Good."}])
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(template.build(), template.sample_inputs())
    assert said_of(await report_of(registry, run), tmp_path) == []


async def test_a_report_of_hostile_texts_is_valid(
    registry: ServiceRegistry, tmp_path: Path
) -> None:
    report = await report_of(registry, await hostile_run(registry))
    assert said_of(report, tmp_path) == []
    assert said_of(without_inputs(report), tmp_path) == []


async def test_a_report_of_a_run_that_waits_or_has_not_begun_is_valid(
    registry: ServiceRegistry, tmp_path: Path
) -> None:
    assert said_of(await guarded(registry), tmp_path) == []
    engine = registry.get_service("workflow_engine")
    run = engine.new_run(GALLERY[0].build(), GALLERY[0].sample_inputs())
    assert said_of(await report_of(registry, run), tmp_path) == []


def test_a_timeline_is_drawn_in_shares_of_its_width() -> None:
    steps = [
        step("a", 0, 10),
        step("l", 10, 40, "loop"),
        step("l#1/b", 10, 20),
        step("l#2/b", 30, 40),
    ]
    first, second = lanes_of(bars_of(steps), STATUS, START).lanes
    assert [(bar.left, bar.width) for bar in (*first.segments, *second.segments)] == [
        (0, 25),
        (25, 25),
        (75, 25),
    ]
    assert (first.took, second.took) == ("10 s", "20 s")
    assert second.segments[1].words == "B: Completed, turn 2, 10 s"


def test_a_bar_that_took_no_time_is_seen_within_the_width() -> None:
    steps = [step("a", 0, 1000), step("b", 1000, 1000)]
    lane = lanes_of(bars_of(steps), STATUS, START).lanes[1]
    assert lane.segments[0].width > 0
    assert lane.segments[0].left + lane.segments[0].width <= 100


def test_a_bar_of_what_runs_ends_now() -> None:
    steps: list[StepRun] = [step("a", 0, 10), step("b", 10, None)]
    lane = lanes_of(bars_of(steps), STATUS, START + timedelta(seconds=20)).lanes[1]
    assert (lane.segments[0].width, lane.segments[0].is_live) == (50, True)


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (0.4, ["0 s", "0.1 s", "0.2 s", "0.3 s", "0.4 s"]),
        (11, ["0 s", "2 s", "4 s", "6 s", "8 s", "10 s"]),
        (150, ["0 s", "30 s", "1 min 00 s", "1 min 30 s", "2 min 00 s", "2 min 30 s"]),
        (50_000, ["0 s", "3 h 00 min", "6 h 00 min", "9 h 00 min", "12 h 00 min"]),
    ],
)
def test_the_ticks_are_round_moments(seconds: float, labels: list[str]) -> None:
    drawn = lanes_of(bars_of([step("a", 0, seconds)]), STATUS, START)
    assert [tick.label for tick in drawn.ticks] == labels


def test_nothing_that_ran_has_no_lanes() -> None:
    assert lanes_of([], STATUS, START).lanes == ()
