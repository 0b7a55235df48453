"""The agents that come with Symphony, to choose from."""

import streamlit as st

from dashboard import agent_library
from dashboard.agent_library import StarterView
from dashboard.components import problem
from dashboard.components.text import literal


@st.dialog("Add from the library", width="large")
def ask() -> None:
    """Show the library; each agent of it can be added once."""
    st.caption("They are yours once they are added: change them as you like.")
    with problem.explained(), st.grid(2, min_column_width=280):
        for starter in agent_library.list_starters():
            _card(starter)


def _card(starter: StarterView) -> None:
    agent = starter.agent
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{literal(agent.name)}**  \n{literal(agent.description)}")
        with st.expander("Instructions", type="compact", key=f"starter-text-{agent.id}"):
            st.markdown(literal(starter.instructions))
        st.space("stretch")
        if starter.here and not starter.here.is_archived:
            st.caption(":material/check: It is among your agents.")
            return
        label = "Take back from the archive" if starter.here else "Add"
        if st.button(label, icon=":material/add:", key=f"add-{agent.id}"):
            name = agent_library.add_starter(agent.id)
            st.toast(f"Added {literal(name)}", icon=":material/check:")
            st.rerun(scope="fragment")
