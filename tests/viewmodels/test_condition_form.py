"""Conditions as forms, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.viewmodels import condition_form as cf
from dashboard.viewmodels.condition_form import ConditionForm, expression_of, form_of
from symphony_core.orchestration.expressions import evaluate
from tests.support.corpus import rows, text_of

PATHS = st.sampled_from(["topic", "step.draft.result", "step.sign-off.decision", "step.result"])
TEXTS = st.text(max_size=30)
NUMBERS = st.floats(-1e15, 1e15, allow_nan=False)


@st.composite
def forms(draw: st.DrawFn) -> ConditionForm:
    comparison = draw(st.sampled_from(list(cf.COMPARISONS)))
    value: Any = draw(TEXTS)
    if comparison in cf.NUMBERS:
        value = draw(NUMBERS)
    elif comparison == cf.ONE_OF:
        value = tuple(draw(st.lists(TEXTS, max_size=4)))
    return cf.filled(draw(PATHS), comparison, value, ignores_case=draw(st.booleans()))


@given(forms())
def test_a_form_written_and_read_says_the_same(form: ConditionForm) -> None:
    expression = expression_of(form)
    again = form_of(expression)
    assert again is not None
    assert expression_of(again) == expression
    assert (again.path, again.ignores_case) == (form.path, form.ignores_case)


@given(forms(), st.text(max_size=40))
def test_both_give_the_same_for_every_value(form: ConditionForm, text: str) -> None:
    again = form_of(expression_of(form))
    assert again is not None
    values = {form.path: "7" if form.comparison in cf.NUMBERS else text}
    assert evaluate(expression_of(form), values) == evaluate(expression_of(again), values)


@given(st.text(max_size=60))
def test_any_text_is_read_without_fail(text: str) -> None:
    form = form_of(text)
    assert form is None or form_of(expression_of(form)) == form


def test_conditions_of_the_corpus_keep_their_meaning() -> None:
    read = 0
    for row in rows("conditions", kind="condition"):
        form = form_of(text_of(row))
        read += form is not None
        assert form is None or form_of(expression_of(form)) == form
    assert read > 10


@pytest.mark.parametrize(
    ("expression", "comparison", "value"),
    [
        ("step.kind.result.strip().upper() == 'COMPLEX'", cf.IS, "COMPLEX"),
        ("'perfect' in step.result.lower()", cf.CONTAINS, "perfect"),
        ("'no' not in step.a.result", cf.CONTAINS_NOT, "no"),
        ("step.a.result.startswith('Yes')", cf.STARTS, "Yes"),
        ("step.a.result in ['a', 'b']", cf.ONE_OF, ("a", "b")),
        ("int(step.score.result) >= 8", cf.AT_LEAST, 8),
        ("count > -2.5", cf.MORE, -2.5),
        ("topic == ''", cf.EMPTY, ""),
    ],
)
def test_what_people_write_is_read(expression: str, comparison: str, value: cf.Value) -> None:
    form = form_of(expression)
    assert form is not None
    assert (form.comparison, form.value) == (comparison, value)
    assert expression_of(form) == expression


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "True",
        "a == 'x' and b == 'y'",
        "not 'x' in a",
        "a.lower() == 'Never'",  # ignoring case it would sometimes hold
        "a == b",
        "1 < a < 3",
        "len(a) > 3",
        "a.replace('x', 'y') == 'y'",
        "a ==",
    ],
)
def test_what_is_more_than_a_form_stays_an_expression(expression: str) -> None:
    assert form_of(expression) is None


def test_a_change_keeps_how_blanks_and_case_are_treated() -> None:
    form = form_of("step.a.result.upper() == 'X'")
    assert form is not None
    other = cf.changed(form, form.path, cf.IS_NOT, "why", ignores_case=True)
    assert expression_of(other) == "step.a.result.upper() != 'WHY'"
    exact = cf.changed(form, form.path, cf.IS, "Why", ignores_case=False)
    assert expression_of(exact) == "step.a.result.strip() == 'Why'"


def test_a_number_is_compared_as_a_number_and_as_a_text() -> None:
    assert evaluate(expression_of(cf.filled("n", cf.MORE, 2, ignores_case=True)), {"n": 10})
    assert evaluate(expression_of(cf.filled("n", cf.IS, "10", ignores_case=True)), {"n": 10})
