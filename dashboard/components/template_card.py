"""A template of the gallery: its graph, what it does, and one button."""

import streamlit as st

from dashboard.components import flow_canvas
from dashboard.components.text import literal
from dashboard.services import Preview
from dashboard.viewmodels.words import count
from symphony_core.orchestration.templates.base import Template


def show(template: Template, preview: Preview, button: str, icon: str) -> bool:
    """Draw the card and tell whether its button was pressed."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{literal(template.name)}**  \n{literal(template.summary)}")
        alt = f"{template.name}: {template.summary}"
        flow_canvas.show(preview.flow, key=f"flow-{template.key}", alt=alt)
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.button(button, icon=icon, type="primary", key=f"{button}-{template.key}")
            st.caption(_calls_in_words(preview), width="content")
    return pressed


def _calls_in_words(preview: Preview) -> str:
    """Return what a run costs in model calls, in a few words."""
    if preview.calls is not None:
        return count(preview.calls, "model call")
    return f"at most {count(preview.most_calls, 'model call')}"


def estimate(preview: Preview) -> str:
    """Return what a run costs in model calls, in a sentence."""
    if preview.calls is not None:
        return f"A run makes {_calls_in_words(preview)}."
    return f"It depends on the way the run takes: {_calls_in_words(preview)}."
