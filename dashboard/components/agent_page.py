"""One agent: its form, a chat to try it, its versions, where it is used, and files of it."""

from datetime import datetime

import streamlit as st

from dashboard.components import (
    agent_actions,
    agent_editor,
    agent_export,
    agent_trial,
    agent_uses,
    agent_versions,
    problem,
)
from dashboard.components.agent_draft import Draft
from dashboard.components.text import literal
from dashboard.viewmodels.agents import AgentView

EDIT, TRY, VERSIONS, USES, EXPORT = "Edit", "Try it", "Versions", "Used in", "Export"
VIEWS = {
    "edit": EDIT,
    "try": TRY,
    "versions": VERSIONS,
    "uses": USES,
    "export": EXPORT,
}
"""The tabs, by what they are called in the address."""


def show(agent: AgentView, draft: Draft, now: datetime) -> None:
    """Draw the agent's page."""
    st.title(literal(agent.name), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{literal(agent.role)} · version {agent.number}", width="content")
        if agent.is_archived:
            st.badge("Archived", icon=":material/archive:", color="gray")
        if draft.is_changed:
            st.badge("Changes not saved yet", icon=":material/edit_note:", color="orange")
        agent_actions.menu(agent, key=f"menu-{agent.id}")
    asked_for = st.query_params.get("view", "edit")
    tabs = st.tabs(
        list(VIEWS.values()),
        default=VIEWS.get(asked_for, EDIT),
        key=f"view-{agent.id}-{asked_for}",
        on_change="rerun",
    )
    for tab, name in zip(tabs, VIEWS.values(), strict=True):
        if tab.open:
            with tab, problem.explained():
                _part(name, agent, draft, now)


def _part(name: str, agent: AgentView, draft: Draft, now: datetime) -> None:
    if name == EDIT:
        agent_editor.show(draft)
    elif name == TRY:
        if draft.is_changed:
            st.caption(":material/edit_note: What you typed is not saved, and not tried, yet.")
        agent_trial.show(agent.id, draft.read)
    elif name == VERSIONS:
        agent_versions.show(agent.id, now)
    elif name == USES:
        agent_uses.show(agent.id)
    else:
        agent_export.show(agent)
