"""Who answers, and how: list, make, change, copy and delete agents."""

import streamlit as st

from dashboard import services
from dashboard.components import agent_draft, agent_editor, agent_list, problem
from dashboard.components.text import literal

NEW = "new"

st.title("Agents", anchor=False)

asked_for = st.query_params.get("agent")

with problem.explained():
    if asked_for:
        draft = agent_draft.open_draft(None if asked_for == NEW else asked_for)
        if draft:
            if agent_editor.show(draft):
                st.query_params.clear()
                st.rerun()
            st.stop()
        st.warning(
            f"There is no agent {literal(repr(asked_for))}. These are the ones there are.",
            icon=":material/search_off:",
        )
    unsaved = agent_draft.unsaved()
    goes_on = None in unsaved
    if st.button(
        "Go on with the new agent" if goes_on else "New agent",
        type="primary",
        icon=":material/edit:" if goes_on else ":material/add:",
        key="new-agent",
    ):
        st.query_params["agent"] = NEW
        st.rerun()
    agents = services.list_agents()
    if agents:
        agent_list.show(agents, unsaved)
    else:
        st.info(
            "No agents yet. Make the first one: a role and a few sentences of instructions.",
            icon=":material/groups:",
        )
