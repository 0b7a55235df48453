"""A condition: a small form, or the expression itself where that says more."""

from collections.abc import Sequence

import streamlit as st

from dashboard import builder_services
from dashboard.components.builder_sheet import Sheet
from dashboard.components.builder_values import labels
from dashboard.components.text import literal
from dashboard.viewmodels import condition_form as conditions
from dashboard.viewmodels.condition_form import ConditionForm, Value
from dashboard.viewmodels.referring import Reference

FORM, EXPRESSION = "Form", "Expression"
NOTHING = ConditionForm("")
HELP = (
    "Values are called by their paths, texts stand in quotes: "
    "`step.draft.result.strip().lower() == 'good'`. There are `and`, `or`, `not`, `in`, "
    "comparisons, `len()`, `int()`, `.lower()`, `.strip()`, `.startswith()` and more."
)


def show(sheet: Sheet, field: str, what: str, values: Sequence[Reference]) -> None:
    """Draw a condition of a step, and what it would give for the last run."""
    expression = str(sheet.step.get(field) or "")
    form = conditions.form_of(expression)
    is_readable = form is not None or expression.strip() in ("", "True", "False")
    mode = sheet.key(f"{field}-mode")
    written_as = st.segmented_control(
        what,
        [FORM, EXPRESSION],
        default=FORM if is_readable else EXPRESSION,
        required=True,
        key=mode,
    )
    if written_as == FORM and not is_readable:
        st.info(
            "It says more than the form can, so it stays an expression.", icon=":material/code:"
        )
    if written_as == FORM and is_readable:
        _Form(sheet, field, form or NOTHING, values).show()
    else:
        _expression(sheet, field, expression)
    sheet.tell(field)
    if not any(problem.field == field for problem in sheet.problems):
        _on_the_last_run(sheet, expression)


class _Form:
    """The fields of a condition."""

    def __init__(
        self, sheet: Sheet, field: str, form: ConditionForm, values: Sequence[Reference]
    ) -> None:
        self._sheet, self._field, self._form = sheet, field, form
        self._names = labels(values)
        if form.path:
            self._names.setdefault(form.path, form.path)

    def show(self) -> None:
        form = self._form
        paths = list(self._names)
        index = paths.index(form.path) if form.path else None
        with st.grid(2, min_column_width=150, gap="small"):
            st.selectbox(
                "Value",
                paths,
                index,
                self._names.__getitem__,
                self._key("path"),
                on_change=self._put,
                placeholder="Choose a value" if paths else "No value is there yet",
                disabled=not paths,
            )
            comparison = st.selectbox(
                "Comparison",
                list(conditions.COMPARISONS),
                list(conditions.COMPARISONS).index(form.comparison),
                conditions.COMPARISONS.__getitem__,
                self._key("comparison"),
                on_change=self._put,
                disabled=not form.path,
            )
        if comparison not in conditions.WITHOUT_VALUE:
            self._value(comparison)

    def _value(self, comparison: str) -> None:
        form, key, is_off = self._form, self._value_key(comparison), not self._form.path
        if comparison in conditions.NUMBERS:
            st.number_input(
                "Number", value=_number(form.value), key=key, on_change=self._put, format="%g"
            )
            return
        if comparison == conditions.ONE_OF:
            given = list(form.value) if isinstance(form.value, tuple) else []
            st.multiselect(
                "Texts",
                given,
                given,
                accept_new_options=True,
                key=key,
                on_change=self._put,
                placeholder="Type a text and press Enter",
            )
        else:
            st.text_input("Text", str(form.value), key=key, on_change=self._put, disabled=is_off)
        st.checkbox(
            "Upper and lower case are the same",
            form.ignores_case,
            self._key("case"),
            on_change=self._put,
            disabled=is_off,
        )

    def _key(self, name: str) -> str:
        return self._sheet.key(f"{self._field}-{name}")

    def _value_key(self, comparison: str) -> str:
        is_number = comparison in conditions.NUMBERS
        kind = "number" if is_number else "texts" if comparison == conditions.ONE_OF else "text"
        return self._key(kind)

    def _put(self) -> None:
        state, form = st.session_state, self._form
        path = state.get(self._key("path")) or form.path
        if not path:
            return
        comparison = state.get(self._key("comparison"), form.comparison)
        value: Value | list[str] | None = state.get(self._value_key(comparison), form.value)
        value = tuple(value) if isinstance(value, list) else "" if value is None else value
        is_same = state.get(self._key("case"), form.ignores_case)
        new = conditions.changed(form, path, comparison, value, ignores_case=is_same)
        self._sheet.put("Condition", {self._field: conditions.expression_of(new)}, self._field)


def _expression(sheet: Sheet, field: str, expression: str) -> None:
    key = sheet.key(f"{field}-expression")
    st.text_input(
        EXPRESSION,
        expression,
        key=key,
        live=True,
        help=HELP,
        on_change=lambda: sheet.put("Condition", {field: st.session_state[key] or ""}, field),
    )


def _on_the_last_run(sheet: Sheet, expression: str) -> None:
    said = builder_services.on_the_last_run(sheet.built.workflow_id, sheet.id, expression)
    if said:
        st.caption(f":material/history: {literal(said)}")


def _number(value: Value) -> float | int:
    number = value if isinstance(value, float) else 0.0
    return int(number) if number.is_integer() else number
