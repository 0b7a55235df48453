import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from symphony_core.errors import ToolError
from symphony_core.tools.clock import date_and_time
from symphony_core.tools.search import search_tool

HANDBOOK = "\n\n".join(
    [
        "The garden opens at ten. Bring gloves.",
        "Tools are lent in the shed; the key hangs at the gate.",
        "The pear tree must not be cut. The council protects it.",
        *(f"Bed {number} belongs to the household {number}." for number in range(30)),
    ]
)
TEXTS = {"handbook": HANDBOOK, "letter": "Dear neighbours, the key is lost.", "empty": " "}


def search(texts, **arguments):
    return asyncio.run(search_tool(texts).call(arguments))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "Asia/Kathmandu", ""])
def test_the_time_is_told_for_a_zone(zone):
    told = asyncio.run(date_and_time(zone))
    assert (zone or "UTC") in told
    moment = datetime.fromisoformat(re.search(r"; (.*)\)", told)[1])
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert f"{moment:%A}" in told


@pytest.mark.parametrize(
    "zone", ["Nowhere", "../../etc/passwd", "/etc/passwd", "Europe", "\x00", "x" * 5000]
)
def test_a_zone_that_is_none_is_a_sentence(zone):
    with pytest.raises(ToolError, match="There is no time zone"):
        asyncio.run(date_and_time(zone))


def test_the_passages_that_fit_best_are_found_with_their_place():
    found = search(TEXTS, query="Where is the KEY to the shed?")
    assert "[handbook, passage 2 of 33]\nTools are lent" in found
    assert "[letter, passage 1 of 1]\nDear neighbours" in found
    assert found.count("[") <= 5
    assert "household 17" in search(TEXTS, query="household 17", name="handbook")
    assert "handbook" not in search(TEXTS, query="key", name="letter")


def test_nothing_found_and_nothing_to_search_are_said():
    assert "Nothing in handbook, letter, empty has" in search(TEXTS, query="submarine")
    assert "Nothing" in search(TEXTS, query="?!")
    with pytest.raises(ToolError, match="There is no text 'map' to search. There is: handbook"):
        search(TEXTS, query="key", name="map")
    with pytest.raises(ToolError, match="There is no text to search. None was given"):
        search({}, query="key")


def test_a_long_text_without_paragraphs_is_cut_into_passages():
    found = search({"log": "x" * 200_000 + " needle " + "y" * 200_000}, query="needle")
    assert "needle" in found
    assert len(found) < 1200
