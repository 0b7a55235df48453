"""Where an agent is used: the workflows that ask it, and its runs."""

import streamlit as st

from dashboard import agent_services
from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.words import count, cut
from symphony_core.uses import AgentUses, WorkflowUse

NAME_LENGTH = 60
STEPS_LENGTH = 120


def show(agent_id: str) -> None:
    """Draw what uses the agent, with links."""
    found, latest = agent_services.uses(agent_id)
    if found.is_none:
        st.info(
            "Nothing uses it yet. Choose it for a step in the builder, or for a role of a "
            "template; the router may choose it too.",
            icon=":material/link_off:",
        )
        return
    st.subheader(count(len(found.workflows), "workflow"), anchor=False)
    for use in found.workflows:
        _workflow(use)
    st.subheader(count(found.runs, "run"), anchor=False)
    for row in latest:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(badge(row.status), width="content")
            st.page_link(
                "../pages/run.py",
                label=literal(cut(row.name, NAME_LENGTH)),
                query_params={"run": row.id},
                icon="",
            )
    if found.runs > len(latest):
        st.caption(f"These are the latest {len(latest)}.")


def in_words(found: AgentUses) -> str:
    """Return what uses an agent, in a few words."""
    parts = [count(len(found.workflows), "workflow")] if found.workflows else []
    return " and ".join([*parts, count(found.runs, "run")] if found.runs else parts)


def _workflow(use: WorkflowUse) -> None:
    marks = [":gray-badge[:material/edit_note: draft]"] if use.is_draft else []
    marks += [":gray-badge[:material/archive: archived]"] if use.is_archived else []
    steps = cut(", ".join(use.steps), STEPS_LENGTH)
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                "../pages/builder.py" if use.is_draft else "../pages/workflow.py",
                label=f"**{literal(cut(use.name or '(no name)', NAME_LENGTH))}**",
                query_params={"workflow": use.id},
                icon="",
            )
            if marks:
                st.markdown(" ".join(marks), width="content")
        st.caption(f"&ensp;Asked in: {literal(steps)}")
