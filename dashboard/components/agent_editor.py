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
    said = st.container()
    buttons = st.container(horizontal=True, vertical_alignment="center")
    save = buttons.button("Save", type="primary", icon=":material/save:")
    leave = buttons.button("Back to the list", icon=":material/arrow_back:")
    with said:
        if save and _save(draft):
            return True
        if draft.is_outdated:
            _explain_conflict()
    if draft.is_changed or draft.is_outdated:
        with buttons:
            st.button(
                "Load the other version" if draft.is_outdated else "Discard changes",
                icon=":material/undo:",
                key=f"{draft.key}-discard",
                on_click=agent_draft.discard,
                args=(draft.agent_id,),
            )
            st.caption("Not saved yet.", width="content")
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


def _explain_conflict() -> None:
    st.error(
        "This agent was changed by someone else, or in another tab, after you had opened it. "
        "What you typed is not saved; it stays here until you load the other version.",
        icon=":material/sync_problem:",
    )
