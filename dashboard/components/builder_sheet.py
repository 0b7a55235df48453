"""The fields of one step: what is typed goes into the document at once, its problems stand below."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components import builder_draft
from dashboard.components.builder_draft import Built
from dashboard.components.text import literal
from dashboard.viewmodels import editing
from symphony_core.io.editable import Step
from symphony_core.io.problems import Problem

Fields = Mapping[str, Any]
TEXT = 100_000  # characters

_ICONS = {True: ":orange[:material/warning:]", False: ":red[:material/error:]"}


@dataclass(frozen=True)
class Sheet:
    """A step whose fields are drawn, and what is wrong with it."""

    built: Built
    step: Step
    problems: Sequence[Problem]

    @property
    def id(self) -> str:
        """The step's id."""
        return str(self.step["id"])

    @property
    def now(self) -> Step:
        """The step as it is when somebody has typed, which may be later than it was drawn."""
        found = editing.step_of(self.built.document, self.built.id_now(self.id))
        return found or self.step

    def key(self, name: str) -> str:
        """Return the key of one of the step's fields."""
        return self.built.key(name, self.id)

    def put(self, what: str, fields: Fields, typing: str | None = None) -> None:
        """Give the step other values; what is typed into one field in a row is one change."""
        step = self.now
        document = editing.change(self.built.document, str(step["id"]), fields)
        key = typing and self.key(typing)
        builder_draft.do(self.built, document, f"{what} of {step.get('name')}", key)

    def line(self, field: str, label: str, **more: Any) -> None:
        """Draw a field for one line of text."""
        given, key = self.step.get(field) or "", self.key(field)
        st.text_input(label, given, key=key, **self._typed(field, label, str), **more)
        self.tell(field)

    def text(self, field: str, label: str, **more: Any) -> None:
        """Draw a field for a text; an empty one is none where the step need not have it."""
        given, key = self.step.get(field) or "", self.key(field)
        st.text_area(
            label, given, max_chars=TEXT, key=key, **self._typed(field, label, _or_none), **more
        )
        self.tell(field)

    def number(self, field: str, label: str, given: float | None, **more: Any) -> None:
        """Draw a field for a number."""
        key = self.key(field)
        st.number_input(label, value=given, key=key, **self._typed(field, label, _same), **more)
        self.tell(field)

    def more(self) -> DeltaGenerator:
        """Draw the place for what few need, with what every kind of step has, and return it."""
        place = st.expander("More settings", icon=":material/tune:", key=self.key("more"))
        with place:
            self.line("description", "Description", help="For people; no agent reads it.")
        return place

    def tell(self, *fields: str | None) -> None:
        """Say what is wrong with these fields."""
        for problem in self.problems:
            if problem.field in fields:
                show_problem(problem)

    def _typed(self, field: str, label: str, made: Callable[[Any], Any]) -> dict[str, Any]:
        def put() -> None:
            self.put(label, {field: made(st.session_state[self.key(field)])}, typing=field)

        return {"on_change": put}


def show_problem(problem: Problem) -> None:
    """Draw what is wrong, beside its field."""
    st.markdown(f":small[{_ICONS[problem.is_warning]} {literal(problem.message)}]")


def _or_none(text: str | None) -> str | None:
    return text or None


def _same(value: Any) -> Any:
    return value
