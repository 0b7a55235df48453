"""An agent to take along: as YAML or as JSON."""

from functools import partial

import streamlit as st

from dashboard import agent_services
from dashboard.components.workflow_export import FORMS, slug
from dashboard.viewmodels.agents import AgentView

OFFERED = ("yaml", "json")


def show(agent: AgentView) -> None:
    """Draw a button for each form above what stands in the file, or say why there is none."""
    text = agent_services.export_text(agent.id, OFFERED[0])
    st.caption(f"Version {agent.number}, as a file that can be mailed, kept and imported.")
    with st.container(horizontal=True):
        for format in OFFERED:
            form = FORMS[format]
            st.download_button(
                form.label,
                data=partial(agent_services.export_text, agent.id, format),
                file_name=f"{slug(agent.name)}.{form.ending}",
                mime=form.mime,
                help=form.use,
                icon=":material/download:",
                on_click="ignore",
                key=f"export-{format}-{agent.id}",
            )
    st.code(text, language=None, wrap_lines=True)
