"""Who answers, and how: list, make, change, try, compare, import and put away agents."""

import streamlit as st

from dashboard import agent_services, run_services
from dashboard.components import (
    agent_draft,
    agent_editor,
    agent_import,
    agent_library,
    agent_list,
    agent_page,
    not_there,
    problem,
)
from dashboard.components.text import literal

NEW = "new"

asked_for = st.query_params.get("agent")

with problem.explained():
    draft = agent_draft.open_draft(None if asked_for == NEW else asked_for) if asked_for else None
    agent = agent_services.find_agent(asked_for) if asked_for else None
    if draft:
        if st.button("All agents", icon=":material/arrow_back:", type="tertiary"):
            st.switch_page("../pages/agents.py")
        if agent:
            agent_page.show(agent, draft, run_services.now())
        else:
            st.title("New agent" if asked_for == NEW else literal(draft.read.name), anchor=False)
            agent_editor.show(draft)
        st.stop()

st.title("Agents", anchor=False)
if asked_for:
    not_there.tell("agent", asked_for, "These are the ones there are.")

with problem.explained():
    unsaved = agent_draft.unsaved()
    goes_on = None in unsaved
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Go on with the new agent" if goes_on else "New agent",
            type="primary",
            icon=":material/edit:" if goes_on else ":material/add:",
            key="new-agent",
        ):
            st.query_params["agent"] = NEW
            st.rerun()
        if st.button("Add from the library", icon=":material/library_add:"):
            agent_library.ask()
        if st.button("Import", icon=":material/upload_file:"):
            agent_import.ask()
        away = agent_services.list_agents(archived=True)
        is_archived = bool(away) and st.toggle("Show archived", key="archived-agents")
    agents = away if is_archived else agent_services.list_agents()
    if agents:
        agent_list.show(agents, unsaved)
    else:
        st.info(
            "No agents yet. Make the first one, a role and a few sentences of instructions, or add "
            "one from the library.",
            icon=":material/groups:",
        )
