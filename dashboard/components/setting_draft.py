"""A setting that is being changed: it is kept as it was seen, so that nobody's change is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

import streamlit as st

from dashboard.components import problem
from symphony_core.errors import Conflict
from symphony_core.ids import new_id

CHANGED = (
    "Somebody else has changed this meanwhile, so yours was not saved. **Undo** shows what is "
    "stored now; change that if you still want to."
)

T = TypeVar("T")


@dataclass
class Draft(Generic[T]):
    """A setting as its fields were filled with it; another draft has fields of its own."""

    name: str
    seen: T
    key: str = field(default_factory=lambda: f"setting-{new_id()}")


def open_draft(name: str, stored: T) -> Draft[T]:
    """Return the setting that is being changed in this session; it begins as it is stored."""
    draft: Draft[T] = st.session_state.setdefault(_place(name), Draft(name, stored))
    return draft


def actions(draft: Draft[T], typed: T, stored: T, save: Callable[[T, T], None]) -> None:
    """Draw what can be done with what was typed; untouched fields follow what is stored."""
    is_changed = typed != draft.seen
    if not is_changed and stored != draft.seen:
        _begin_again(draft)
    with st.container(horizontal=True):
        wants_to_save = st.button(
            "Save",
            type="primary",
            icon=":material/save:",
            disabled=not is_changed,
            key=f"save-{draft.name}",
        )
        if is_changed and st.button(
            "Undo",
            icon=":material/undo:",
            help="Back to what is stored now",
            key=f"undo-{draft.name}",
        ):
            _begin_again(draft)
    if wants_to_save:
        with problem.explained():
            try:
                save(typed, draft.seen)
            except Conflict:
                st.error(CHANGED, icon=":material/group:")
                return
            st.toast("Saved", icon=":material/check:")
            _begin_again(draft)


def _begin_again(draft: Draft[Any]) -> NoReturn:
    """Draw the whole page again, with fields that are filled with what is stored."""
    del st.session_state[_place(draft.name)]
    st.rerun()


def _place(name: str) -> str:
    return f"draft-of-{name}"
