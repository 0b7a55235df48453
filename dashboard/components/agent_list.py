"""The agents as cards, with what can be done with each."""

from collections.abc import Container, Sequence

import streamlit as st

from dashboard import services
from dashboard.components import problem
from dashboard.components.text import literal
from dashboard.viewmodels.agents import AgentView
from dashboard.viewmodels.words import cut

PAGE_SIZE = 12
SEARCH_FROM = 8


def show(agents: Sequence[AgentView], unsaved: Container[str | None]) -> None:
    """Draw the agents, a page at a time; `unsaved` are those with changes that are not stored."""
    found = _search(agents)
    if not found:
        st.info("No agent matches. Change the search.", icon=":material/filter_alt:")
        return
    pages = -(-len(found) // PAGE_SIZE)
    page = 1
    if pages > 1:
        page = min(st.pagination(pages, key="agent-page", persist_state="session"), pages)
    with st.grid(min_column_width=300):
        for agent in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
            _card(agent, is_unsaved=agent.id in unsaved)


def _search(agents: Sequence[AgentView]) -> list[AgentView]:
    if len(agents) <= SEARCH_FROM:
        return list(agents)
    typed = st.text_input(
        "Search", key="agent-search", icon=":material/search:", persist_state="session"
    )
    wanted = (typed or "").lower()
    return [
        agent
        for agent in agents
        if wanted in f"{agent.name} {agent.role} {' '.join(agent.expertise)}".lower()
    ]


def _card(agent: AgentView, *, is_unsaved: bool) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{literal(cut(agent.name, 80))}**  \n{literal(cut(agent.role, 80))}")
        if agent.description:
            st.caption(literal(cut(agent.description, 140)))
        if agent.expertise:
            st.markdown(" ".join(f":gray-badge[{literal(item)}]" for item in agent.expertise))
        model = services.describe_model(agent.model).label if agent.model else "default model"
        st.caption(f":material/memory: {literal(model)}")
        if is_unsaved:
            st.markdown(":orange-badge[:material/edit_note: Changes not saved yet]")
        with st.container(horizontal=True):
            if st.button("Edit", icon=":material/edit:", key=f"edit-{agent.id}"):
                st.query_params["agent"] = agent.id
                st.rerun()
            if st.button("Duplicate", icon=":material/content_copy:", key=f"copy-{agent.id}"):
                with problem.explained():
                    st.query_params["agent"] = services.duplicate_agent(agent.id)
                    st.rerun()
            if st.button("Delete", icon=":material/delete:", key=f"delete-{agent.id}"):
                _ask_to_delete(agent)


@st.dialog("Delete this agent?")
def _ask_to_delete(agent: AgentView) -> None:
    st.markdown(
        f"**{literal(agent.name)}** will be gone for good. Runs keep what it has written; "
        "a workflow that names it can no longer run."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it"):
            st.rerun()
        if st.button("Delete", type="primary", icon=":material/delete:", key="delete-for-good"):
            with problem.explained():
                services.delete_agent(agent.id)
                st.toast(f"Deleted {literal(agent.name)}", icon=":material/delete:")
                st.rerun()
