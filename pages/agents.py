"""Who answers, and how: list, make, change, copy and delete agents."""

import streamlit as st

from dashboard import services
from dashboard.components import agent_form, agent_list, problem
from dashboard.viewmodels.agents import AgentForm

NEW = "new"

st.title("Agents", anchor=False)

agent_id = st.query_params.get("agent")


def leave() -> None:
    """Go back to the list."""
    st.query_params.clear()
    st.rerun()


def edit() -> None:
    """Make a new agent, or change a stored one."""
    is_new = agent_id == NEW
    if st.session_state.get("agent-edited") != agent_id:
        st.session_state["agent-form"] = AgentForm() if is_new else services.agent_form(agent_id)
        st.session_state["agent-edited"] = agent_id
        st.session_state["agent-visit"] = st.session_state.get("agent-visit", 0) + 1
    st.subheader("New agent" if is_new else "Edit agent", anchor=False)
    key = f"agent-{agent_id}-{st.session_state['agent-visit']}"
    filled = agent_form.show(st.session_state["agent-form"], services.list_models(), key=key)
    with st.container(horizontal=True):
        save = st.button("Save", type="primary", icon=":material/save:")
        cancel = st.button("Back to the list", icon=":material/arrow_back:")
    if save:
        with problem.explained():
            services.save_agent(filled, None if is_new else agent_id)
            st.toast("Saved", icon=":material/check:")
            cancel = True
    if cancel:
        del st.session_state["agent-edited"]
        leave()


with problem.explained():
    if agent_id:
        edit()
        st.stop()
    if st.button("New agent", type="primary", icon=":material/add:"):
        st.query_params["agent"] = NEW
        st.rerun()
    agents = services.list_agents()
    if agents:
        agent_list.show(agents)
    else:
        st.info(
            "No agents yet. Make the first one: a role and a few sentences of instructions.",
            icon=":material/groups:",
        )
