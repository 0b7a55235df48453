"""What a run is given at its start: declared here, asked for in the run's form."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard.components import builder_draft, input_field
from dashboard.components.builder_draft import Built
from dashboard.components.builder_sheet import show_problem
from dashboard.viewmodels import input_changes as changes
from symphony_core.io.editable import Document
from symphony_core.io.problems import Problem
from symphony_core.orchestration.workflow_definition import InputType

ABOUT = "What changes from run to run: a topic, a question, a text. Whoever starts it is asked."


def show(built: Built, problems: Sequence[Problem]) -> None:
    """Draw a form for each input."""
    st.caption(ABOUT)
    inputs = changes.inputs_of(built.document)
    for index, declared in enumerate(inputs):
        _Input(built, index, declared, problems).show(is_last=index == len(inputs) - 1)
    st.button(
        "Add an input",
        icon=":material/add:",
        key="add-input",
        on_click=lambda: builder_draft.do(
            built, changes.added(built.document), "Adding of an input"
        ),
    )


class _Input:
    """One input's fields."""

    def __init__(
        self, built: Built, index: int, declared: changes.Input, problems: Sequence[Problem]
    ) -> None:
        self._built, self._index, self._declared = built, index, declared
        self._problems = problems

    def show(self, *, is_last: bool) -> None:
        with st.container(border=True, gap="small"):
            with st.grid(2, min_column_width=130, gap="small"):
                self._line("label", "Asked as", "Your topic")
                self._line("name", "Name in prompts", "topic")
            with st.grid(2, min_column_width=130, gap="small"):
                self._type()
                self._default()
            self._choices()
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                self._required()
                st.space("stretch")
                self._move(-1, "Move up", ":material/arrow_upward:", is_off=self._index == 0)
                self._move(1, "Move down", ":material/arrow_downward:", is_off=is_last)
                st.button(
                    "Delete",
                    icon=":material/delete:",
                    type="tertiary",
                    key=self._key("delete"),
                    on_click=self._rearrange,
                    args=(changes.removed, "Deletion"),
                )

    def _line(self, field: str, label: str, placeholder: str) -> None:
        given = str(self._declared.get(field) or "")
        key = self._key(field)
        st.text_input(
            label,
            given,
            key=key,
            placeholder=placeholder,
            on_change=lambda: self._put({field: (st.session_state[key] or "").strip()}, field),
        )
        self._tell(field)

    def _type(self) -> None:
        key, types = self._key("type"), list(changes.TYPES)
        given = InputType(self._declared.get("type") or "text")

        def put() -> None:
            self._put({"type": str(st.session_state[key])}, "type")
            self._built.round += 1

        st.selectbox(
            "Type", types, types.index(given), changes.TYPES.__getitem__, key, on_change=put
        )
        self._tell("type")

    def _default(self) -> None:
        key, given = self._key("default"), self._declared.get("default")
        kind, put = self._declared.get("type"), partial(self._put_value, self._key("default"))
        if kind == InputType.NUMBER:
            value = None if given is None else float(given)
            st.number_input("Default", value=value, key=key, on_change=put, format="%g")
        elif kind == InputType.LONG_TEXT:
            text = str(given or "")
            st.text_area("Default", text, 70, input_field.TEXT_LENGTH, key, on_change=put)
        elif kind == InputType.BOOLEAN:
            st.checkbox("Yes at first", bool(given), key, on_change=put)
        elif kind == InputType.CHOICE:
            choices = list(self._declared.get("choices") or ())
            index = choices.index(given) if given in choices else None
            st.selectbox(
                "Default", choices, index, key=key, on_change=put, placeholder="None of them"
            )
        elif kind != InputType.FILE:
            st.text_input("Default", str(given or ""), key=key, on_change=put)
        self._tell("default")

    def _choices(self) -> None:
        """Draw the field for what can be chosen, where that is asked for."""
        if self._declared.get("type") != InputType.CHOICE:
            return
        key, given = self._key("choices"), list(self._declared.get("choices") or ())
        st.multiselect(
            "Choices",
            given,
            given,
            accept_new_options=True,
            key=key,
            placeholder="Type one and press Enter",
            on_change=lambda: self._put({"choices": st.session_state[key]}, "choices"),
        )
        self._tell("choices")

    def _required(self) -> None:
        key = self._key("required")
        st.checkbox(
            "Required",
            self._declared.get("required", True) is not False,
            key,
            on_change=lambda: self._put({"required": bool(st.session_state[key])}, "required"),
        )

    def _move(self, by: int, label: str, icon: str, *, is_off: bool) -> None:
        if is_off:
            return
        st.button(
            label,
            icon=icon,
            type="tertiary",
            key=self._key(label),
            on_click=self._rearrange,
            args=(partial(changes.moved, by=by), "Move"),
        )

    def _rearrange(self, arrange: Callable[[Document, int], Document], what: str) -> None:
        document = arrange(self._built.document, self._index)
        builder_draft.do(self._built, document, f"{what} of an input")
        self._built.round += 1

    def _put_value(self, key: str) -> None:
        value = st.session_state[key]
        self._put({"default": None if value in (None, "") else value}, "default")

    def _put(self, fields: dict[str, Any], typing: str) -> None:
        document = changes.changed(self._built.document, self._index, fields)
        name = self._declared.get("label") or self._declared.get("name")
        builder_draft.do(self._built, document, f"Input {name}", f"input-{self._index}-{typing}")

    def _tell(self, field: str) -> None:
        for problem in self._problems:
            if problem.field == f"inputs.{self._index}.{field}":
                show_problem(problem)

    def _key(self, name: str) -> str:
        return self._built.key(f"input-{self._index}-{name}")
