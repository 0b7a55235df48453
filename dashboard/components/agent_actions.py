"""What can be done with an agent, in the list and on its own page."""

import streamlit as st

from dashboard import agent_services
from dashboard.components import agent_draft, agent_uses, asking, problem
from dashboard.components.text import literal
from dashboard.viewmodels.agents import AgentView

DUPLICATE = ":material/content_copy: Duplicate"
EXPORT = ":material/download: Export"
ARCHIVE = ":material/archive: Archive"
BACK = ":material/unarchive: Take back"
DELETE = ":material/delete: Delete"


def menu(agent: AgentView, key: str) -> None:
    """Draw the menu, and do what is chosen."""
    away = BACK if agent.is_archived else ARCHIVE
    chosen = st.menu_button("Actions", [DUPLICATE, EXPORT, away, DELETE], key=key, type="tertiary")
    if chosen:
        with problem.explained():
            _do(chosen, agent)


def open_page(agent_id: str, view: str = "edit") -> None:
    """Go to an agent's own page."""
    st.switch_page("../pages/agents.py", query_params={"agent": agent_id, "view": view})


def _do(chosen: str, agent: AgentView) -> None:
    if chosen == DUPLICATE:
        open_page(agent_services.duplicate_agent(agent.id))
    elif chosen == EXPORT:
        open_page(agent.id, "export")
    elif chosen == DELETE:
        _ask_to_delete(agent)
    else:
        _move(agent, away=chosen == ARCHIVE)


def _move(agent: AgentView, *, away: bool) -> None:
    name = literal(agent.name)
    if away:
        agent_services.archive_agent(agent.id)
        st.toast(f"Archived {name}: it is not chosen any more", icon=":material/archive:")
    else:
        agent_services.unarchive_agent(agent.id)
        st.toast(f"{name} is among the agents again", icon=":material/unarchive:")
    agent_draft.refresh(agent.id)
    st.rerun()


@st.dialog("Delete this agent?")
def _ask_to_delete(agent: AgentView) -> None:
    found, _ = agent_services.uses(agent.id)
    name = literal(agent.name)
    if found.is_none:
        st.markdown(f"**{name}** and its versions will be gone for good. Nothing uses it.")
        if asking.is_sure_to_delete():
            _delete(agent)
    elif agent.is_archived:
        st.markdown(
            f"**{name}** is used by {agent_uses.in_words(found)}, so it stays in the archive."
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Keep it"):
                st.rerun()
    else:
        st.markdown(
            f"**{name}** is used by {agent_uses.in_words(found)}, so it cannot be deleted. "
            "Archived, it is not offered any more, and what uses it goes on."
        )
        if asking.is_sure("Keep it", "Archive", icon=":material/archive:", key="archive-instead"):
            with problem.explained():
                _move(agent, away=True)


def _delete(agent: AgentView) -> None:
    with problem.explained():
        agent_services.delete_agent(agent.id)
        agent_draft.discard(agent.id)
        st.toast(f"Deleted {literal(agent.name)}", icon=":material/delete:")
        st.query_params.clear()
        st.rerun()
