"""Make a new agent or change a stored one, without losing what was typed."""

import streamlit as st

from dashboard import services
from dashboard.components import agent_draft, agent_form, problem
from dashboard.components.agent_draft import Draft
from symphony_core.errors import Conflict


def show(draft: Draft) -> bool:
    """Draw the editor and tell whether its user is done with it."""
    st.subheader("Edit agent" if draft.agent_id else "New agent", anchor=False)
    draft.filled = agent_form.show(draft.read, services.list_models(), key=draft.key)
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button("Save", type="primary", icon=":material/save:")
        leave = st.button("Back to the list", icon=":material/arrow_back:")
        if draft.is_changed and not draft.is_outdated:
            _discard_button(draft, "Discard changes")
            st.caption("Not saved yet.", width="content")
    if save and _save(draft):
        return True
    if draft.is_outdated:
        st.error(
            "This agent was changed by someone else, or in another tab, after you had opened it. "
            "Yours is not saved, and stands above until you load the other version.",
            icon=":material/sync_problem:",
        )
        _discard_button(draft, "Load the other version")
    return leave


def _save(draft: Draft) -> bool:
    with problem.explained():
        try:
            services.save_agent(draft.filled, draft.agent_id)
        except Conflict:
            draft.is_outdated = True
            return False
        agent_draft.discard(draft.agent_id)
        st.toast("Saved", icon=":material/check:")
        return True
    return False


def _discard_button(draft: Draft, label: str) -> None:
    st.button(
        label, icon=":material/undo:", on_click=agent_draft.discard, args=(draft.agent_id,)
    )
