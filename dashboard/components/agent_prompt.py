"""The system prompt of an agent, finished, with what is wrong with it."""

import streamlit as st

from dashboard.components import long_text
from dashboard.components.text import literal
from dashboard.viewmodels.agent_prompt import MISSING, PromptView, prompt_view
from dashboard.viewmodels.agents import AgentForm


def show(form: AgentForm) -> None:
    """Draw the prompt that a form makes.

    Raises:
        TemplateError: its instructions cannot be read.
    """
    if not form.instructions.strip():
        st.caption("It appears here as you write the instructions.")
        return
    prompt = prompt_view(form)
    if prompt.problems:
        _with_gaps(prompt)
    else:
        long_text.show_code(prompt.text, key="agent-prompt")
    for problem in prompt.problems:
        st.warning(literal(problem), icon=":material/data_object:")
    for remark in prompt.remarks:
        st.caption(f":material/info: {literal(remark)}")


def _with_gaps(prompt: PromptView) -> None:
    marked = "".join(
        f":orange-badge[:material/help: {literal(piece.text)}: no value]"
        if piece.kind == MISSING
        else literal(piece.text)
        for piece in prompt.pieces
    )
    with st.container(border=True):
        st.markdown(marked)
