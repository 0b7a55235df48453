"""A run's timeline, drawn by Plotly; a live one is changed in place and never drawn anew.

Streamlit's own Plotly element mounts a new chart whenever its data changes, which flickers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from dashboard.assets import loader
from dashboard.theme import Look
from dashboard.viewmodels.timeline import Bar, figure_data

_component = st.components.v2.component("timeline", js=loader("timeline.js"), isolate_styles=False)


def show(bars: Sequence[Bar], looks: Mapping[str, Look], *, now: datetime, key: str) -> None:
    """Draw the bars; the same key keeps the same chart."""
    words = {status: look.word for status, look in looks.items()}
    colours = {status: look.colour for status, look in looks.items()}
    _component(key=key, data=figure_data(bars, words, colours, now))
