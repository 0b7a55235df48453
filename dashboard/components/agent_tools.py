"""The tools that an agent may use, each with whether it can be used here."""

from collections.abc import Sequence

import streamlit as st

from dashboard import theme, tools
from dashboard.components.input_field import KEPT
from dashboard.components.text import literal
from dashboard.viewmodels.tools import ToolView

HELP = (
    "What the model may call while it answers. Those of servers are set up by whoever runs "
    "Symphony, in its file of tools."
)


def show(given: Sequence[str], key: str) -> list[str]:
    """Draw the field, and return the names that stand in it."""
    with st.spinner("Looking at the tools that are here…"):
        there = {tool.name: tool for tool in tools.list_tools()}
    chosen = st.multiselect(
        "Tools",
        list(dict.fromkeys([*there, *given])),
        default=given,
        key=key,
        placeholder="None: it answers by itself",
        help=HELP,
        persist_state=KEPT,
    )
    for tool in tools.tools_of(chosen):
        st.markdown(_told(tool))
    return list(chosen)


def _told(tool: ToolView) -> str:
    lamp = theme.lamp(is_ready=tool.is_ready)
    words = tool.description if tool.is_ready else tool.state
    return f"{lamp} :small[**{literal(tool.name)}** · {literal(words)}]"
