"""The engine's benchmark: its ratios, and that its own contenders still do their work."""

import sys

import pytest

from benchmarks.engine import AGENT, CONTENDERS, FUNCTION, MEASURES, RAW, measure
from benchmarks.ratios import paired, table

OURS = [contender for contender in CONTENDERS if contender.python == sys.executable]


def test_ratios_are_of_the_same_round():
    assert paired([2.0, None, 9.0, 8.0], [1.0, 1.0, None, 2.0]) == [2.0, 4.0]


def test_a_table_shows_median_spread_and_ratios():
    lines = table("work", "s", {"us": [1.0, 2.0, 4.0], "them": [4.0, 4.0, 4.0]}, {"÷ us": "us"})
    assert lines.splitlines() == [
        "| work | median, s | least–most | ÷ us |",
        "| --- | --- | --- | --- |",
        "| us | 2.00 | 1.00–4.00 | 1 |",
        "| them | 4.00 | 4.00–4.00 | 2.00 (1.00–4.00) |",
    ]


def test_a_contender_that_always_failed_has_no_figures():
    lines = table("work", "s", {"us": [1.0], "them": [None]}, {"÷ us": "us"}, runs=10)
    assert lines.splitlines()[2:] == [
        "| us | 1.00 | 1.00–1.00 | 10.0 | 1 |",
        "| them | – | – | – | – |",
    ]


@pytest.mark.parametrize("contender", OURS, ids=lambda contender: contender.name)
def test_what_needs_no_peer_does_its_work(contender):
    assert {each.name for each in OURS} == {FUNCTION, AGENT, RAW}
    figure = measure(contender, MEASURES[0])
    assert figure is not None
    assert figure > 0
