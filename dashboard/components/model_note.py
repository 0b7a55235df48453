"""Which model will answer, and what it is worth."""

import streamlit as st

from dashboard.components.text import literal
from dashboard.services import ModelChoice


def show(model: ModelChoice) -> None:
    """Name the model, with its honest remark, or say why it, or the chosen one, cannot answer."""
    if model.gone:
        st.warning(literal(model.gone), icon=":material/report:")
    if not model.is_ready:
        st.warning(f"**{literal(model.label)}**: {literal(model.state)}", icon=":material/report:")
        return
    remark = f": {literal(model.remark)}" if model.remark else ""
    st.caption(f":material/memory: Answered by **{literal(model.label)}**{remark}.")
