"""Why the router gave a step to an agent: its words, and every agent's score as a bar."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.routing import ScoreView
from dashboard.viewmodels.words import count

MOST = 8


def show(why: str, scores: Sequence[ScoreView]) -> None:
    """Draw the reason, and the best scores with theirs."""
    st.markdown(literal(why))
    for score in scores[:MOST]:
        name, mark = literal(score.agent), " :green-badge[:material/check: Chosen]"
        chosen = f"**{name}**{mark}" if score.is_chosen else name
        because = f" :small[:gray[{literal(score.because)}]]" if score.because else ""
        st.progress(score.share, text=f"{chosen} · {literal(score.score)}{because}")
    if len(scores) > MOST:
        st.caption(f"{count(len(scores) - MOST, 'more agent')} with no higher score")
