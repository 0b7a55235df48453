"""Make a new model profile or change a stored one, without losing what was typed."""

from dataclasses import dataclass, field

import streamlit as st

from dashboard import settings_services
from dashboard.components import not_there, problem, profile_form
from dashboard.viewmodels.models import ProfileForm
from symphony_core.ids import new_id

NEW = "new"
_DRAFTS = "profile-drafts"


@dataclass
class _Draft:
    """A form as it was read; another draft of the same model starts with fields of its own."""

    read: ProfileForm
    key: str = field(default_factory=lambda: f"profile-{new_id()}")


def show(asked_for: str) -> None:
    """Draw the editor of a model by its id, or of a new one."""
    draft = _open(asked_for)
    if draft is None:
        not_there.tell("model", asked_for)
        st.button("Back to the settings", icon=":material/arrow_back:", on_click=_leave)
        return
    st.subheader("New model" if asked_for == NEW else "Edit model", anchor=False)
    filled = profile_form.show(draft.read, key=draft.key)
    said = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button("Save", type="primary", icon=":material/save:")
        st.button(
            "Back without saving", icon=":material/arrow_back:", on_click=_leave, args=(asked_for,)
        )
    if save:
        with said, problem.explained():
            settings_services.save_profile(filled, None if asked_for == NEW else asked_for)
            st.toast("Saved", icon=":material/check:")
            _leave(asked_for)
            st.rerun()


def _open(asked_for: str) -> _Draft | None:
    drafts = _drafts()
    if asked_for not in drafts:
        read = ProfileForm() if asked_for == NEW else settings_services.profile_form(asked_for)
        if read is None:
            return None
        drafts[asked_for] = _Draft(read)
    return drafts[asked_for]


def _leave(asked_for: str | None = None) -> None:
    _drafts().pop(asked_for, None)
    st.query_params.pop("model", None)


def _drafts() -> dict[str | None, _Draft]:
    drafts: dict[str | None, _Draft] = st.session_state.setdefault(_DRAFTS, {})
    return drafts
