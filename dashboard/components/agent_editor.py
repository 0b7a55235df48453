"""Make a new agent or change a stored one, without losing what was typed."""

import streamlit as st

from dashboard import agent_services, services
from dashboard.components import agent_actions, agent_draft, agent_form, problem
from dashboard.components.agent_draft import Draft
from symphony_core.errors import Conflict


def show(draft: Draft) -> None:
    """Draw the editor."""
    draft.filled = agent_form.show(draft.read, services.list_models(), key=draft.key)
    said = st.container()
    buttons = st.container(horizontal=True, vertical_alignment="center")
    save = buttons.button("Save", type="primary", icon=":material/save:")
    with said:
        if save:
            _save(draft)
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


def _save(draft: Draft) -> None:
    with problem.explained():
        try:
            agent = agent_services.save_agent(draft.filled, draft.agent_id)
        except Conflict:
            draft.is_outdated = True
            return
        agent_draft.discard(draft.agent_id)
        st.toast(f"Saved as version {agent.number}", icon=":material/check:")
        agent_actions.open_page(agent.id)


def _explain_conflict() -> None:
    st.error(
        "This agent was changed by someone else, or in another tab, after you had opened it. "
        "What you typed is not saved; it stays here until you load the other version.",
        icon=":material/sync_problem:",
    )
