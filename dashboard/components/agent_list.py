"""The agents as cards or as lines, with what can be done with each."""

from collections.abc import Container, Sequence

import streamlit as st

from dashboard import services
from dashboard.components import agent_actions
from dashboard.components.text import literal
from dashboard.viewmodels.agents import AgentView
from dashboard.viewmodels.words import cut

PAGE_SIZE = 12
SEARCH_FROM = 8
CARDS, LINES = ":material/grid_view: Cards", ":material/table_rows: Table"
NAME_LENGTH = 80
UNSAVED = ":orange-badge[:material/edit_note: Changes not saved yet]"


def show(agents: Sequence[AgentView], unsaved: Container[str | None]) -> None:
    """Draw the agents, a page at a time; `unsaved` are those with changes that are not stored."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        found = _search(agents)
        look = st.segmented_control(
            "Shown as",
            [CARDS, LINES],
            default=CARDS,
            required=True,
            key="agents-look",
            label_visibility="collapsed",
            persist_state="session",
        )
    if not found:
        st.info("No agent matches. Change the search.", icon=":material/filter_alt:")
        return
    pages = -(-len(found) // PAGE_SIZE)
    page = 1
    if pages > 1:
        page = min(st.pagination(pages, key="agent-page", persist_state="session"), pages)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if look == LINES:
        with st.container(gap="xsmall", key="agents"):
            for agent in shown:
                _line(agent, is_unsaved=agent.id in unsaved)
        return
    with st.grid(min_column_width=300):
        for agent in shown:
            _card(agent, is_unsaved=agent.id in unsaved)


def _search(agents: Sequence[AgentView]) -> list[AgentView]:
    if len(agents) <= SEARCH_FROM:
        return list(agents)
    typed = st.text_input(
        "Search",
        key="agent-search",
        icon=":material/search:",
        placeholder="Name, role or expertise",
        persist_state="session",
        width=280,
    )
    wanted = (typed or "").lower()
    return [
        agent
        for agent in agents
        if wanted in f"{agent.name} {agent.role} {' '.join(agent.expertise)}".lower()
    ]


def _card(agent: AgentView, *, is_unsaved: bool) -> None:
    with st.container(border=True, height="stretch"):
        name, role = (literal(cut(text, NAME_LENGTH)) for text in (agent.name, agent.role))
        st.markdown(f"**{name}**  \n{role}")
        if agent.description:
            st.caption(literal(cut(agent.description, 140)))
        if agent.expertise:
            st.markdown(" ".join(f":gray-badge[{literal(cut(w, 40))}]" for w in agent.expertise))
        if is_unsaved:
            st.markdown(UNSAVED)
        st.space("stretch")
        st.caption(_facts(agent))
        with st.container(horizontal=True, vertical_alignment="center"):
            _buttons(agent)


def _line(agent: AgentView, *, is_unsaved: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        mark = f"  \n{UNSAVED}" if is_unsaved else ""
        name, role = (literal(cut(text, NAME_LENGTH)) for text in (agent.name, agent.role))
        st.markdown(f"**{name}**  \n:small[{role}]{mark}", width="stretch")
        st.caption(_facts(agent), width=240)
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            _buttons(agent)


def _facts(agent: AgentView) -> str:
    name = services.describe_model(agent.model).label if agent.model else "default model"
    model = literal(cut(name, 40))
    return f":material/memory: {model} · version {agent.number}"


def _buttons(agent: AgentView) -> None:
    if st.button("Edit", icon=":material/edit:", key=f"edit-{agent.id}"):
        agent_actions.open_page(agent.id)
    if st.button("Try it", icon=":material/chat:", key=f"try-{agent.id}"):
        agent_actions.open_page(agent.id, "try")
    agent_actions.menu(agent, key=f"menu-{agent.id}")
