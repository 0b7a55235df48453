"""Every row of the corpus of conditions and prompt templates gets its verdict."""

import contextlib
import copy
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symphony_core.errors import ExpressionError, TemplateError
from symphony_core.orchestration import expressions, references
from tests.support.corpus import expanded, rows, text_of
from tests.support.effort import effort

CANARY = Path("/tmp/SYMPHONY_CANARY")
CHECK: dict[str, Callable[[str], None]] = {
    "condition": expressions.check,
    "template": references.check,
}
USE: dict[str, Callable[[str, Any], Any]] = {
    "condition": expressions.evaluate,
    "template": references.render,
}
REFUSED = (ExpressionError, TemplateError)


def parametrized(verdict: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "row", rows("conditions", verdict=verdict), ids=lambda row: row["id"]
    )


@parametrized("rejected")
def test_what_must_be_rejected_is(row: dict[str, Any]) -> None:
    CANARY.unlink(missing_ok=True)
    text, context = text_of(row), expanded(row["context"])
    before = copy.deepcopy(context)
    if row.get("when") == "validate" and "value" not in row.get("alt_ok", ()):
        with pytest.raises(REFUSED) as refusal:
            CHECK[row["kind"]](text)
        assert refusal.value.args[0].strip()
        assert len(str(refusal.value)) < 600
    if "value" not in row.get("alt_ok", ()):
        with pytest.raises(REFUSED):
            USE[row["kind"]](text, context)
    assert context == before
    assert not CANARY.exists()


@parametrized("value")
def test_what_has_a_value_gives_it(row: dict[str, Any]) -> None:
    text = text_of(row)
    CHECK[row["kind"]](text)
    assert USE[row["kind"]](text, expanded(row["context"])) == row["expect"]


@parametrized("bounded")
def test_what_could_take_long_ends_within_its_limits(row: dict[str, Any]) -> None:
    text, context = text_of(row), expanded(row["context"])
    with effort() as spent:
        tracemalloc.start()
        with contextlib.suppress(*REFUSED):
            USE[row["kind"]](text, context)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    # Tracing slows the work down many times; a resource that ran away is off by orders.
    assert spent.seconds * 1000 < 10 * row["limit_ms"]
    assert peak < row["limit_mb"] * 2**20


@pytest.mark.parametrize(
    "condition",
    [
        "[" + ", ".join(["text.split('a')"] * 11) + "] == 1",
        "any([" + ", ".join(["text.title()"] * 20) + "])",
        " and ".join(["text.count('c') == 0"] * 40),
    ],
)
def test_a_short_condition_cannot_work_on_long_texts_again_and_again(condition: str) -> None:
    tracemalloc.start()
    with pytest.raises(ExpressionError, match="too much text"):
        expressions.evaluate(condition, {"text": "ab" * 500_000})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 2**20


def test_a_long_text_can_be_looked_through_for_several_words() -> None:
    words = " or ".join(f"'{word}' in text.lower()" for word in ("good", "so", "fine"))
    assert expressions.evaluate(words, {"text": "A" * 999_990 + "FINE"})
