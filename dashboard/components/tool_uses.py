"""What a step's agent had done by tools: each call with its question and its answer."""

import streamlit as st

from dashboard.components import long_text, unfolding
from dashboard.components.text import literal
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.tool_uses import ToolUseView, summary
from dashboard.viewmodels.words import duration


def show(step: StepView, *, key: str) -> None:
    """Draw the calls of a step, closed at first; nothing where its agent has no tools."""
    if not step.tool_uses and not step.equipment:
        return
    label = summary(step.tool_uses) if step.tool_uses else "Tools, none called"
    with unfolding.part(f":material/build: {label}", key=f"tools-{key}") as is_open:
        if not is_open:
            return
        if step.equipment:
            st.caption(literal(step.equipment))
        for use in step.tool_uses:
            _one(use, f"{key}-{use.number}")


def _one(use: ToolUseView, key: str) -> None:
    if use.said:
        st.caption(f"First it wrote: {literal(use.said)}")
    st.markdown(f"**{use.number}. {literal(use.tool)}** :small[:gray[{_state(use)}]]")
    if use.asked:
        long_text.show_code(use.asked, key=f"asked-{key}")
    if use.failed:
        st.error(literal(use.answer), icon=":material/error:")
    elif use.duration_s is not None:
        st.caption("Answer")
        long_text.show_code(use.answer, key=f"answer-{key}")


def _state(use: ToolUseView) -> str:
    if use.is_running:
        return ":material/hourglass_top: no answer yet"
    if use.duration_s is None:
        return ":material/help: interrupted; what it did is not known"
    return duration(use.duration_s) + (" · failed" if use.failed else "")
