"""A run told in plain words, for people who do not program."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.story import Sentence

PAGE_SIZE = 40
ICON_WIDTH = 24  # px, and more for what lies inside another step

ICONS = {
    "start": ":material/flag:",
    "taken_over": ":material/move_down:",
    "done": ":green[:material/check_circle:]",
    "live": ":blue[:material/pending:]",
    "retry": ":yellow[:material/autorenew:]",
    "failed": ":red[:material/error:]",
    "stopped": ":gray[:material/cancel:]",
    "waits": ":violet[:material/pause_circle:]",
    "person": ":orange[:material/person_raised_hand:]",
    "parallel": ":material/call_split:",
    "branch": ":material/alt_route:",
    "loop": ":material/repeat:",
    "workflow": ":material/account_tree:",
    "end": ":green[:material/sports_score:]",
}


def show(story: Sequence[Sentence], *, key: str) -> None:
    """Draw the sentences, the newest page first chosen; what is drawn keeps its place."""
    pages = -(-len(story) // PAGE_SIZE)
    page = st.pagination(pages, default=pages, key=f"{key}-page") if pages > 1 else 1
    with st.container(gap="xsmall", key=key):
        for sentence in story[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
            _line(sentence, key)


def _line(sentence: Sentence, key: str) -> None:
    name = f"{key}-{sentence.key}"
    with st.container(horizontal=True, wrap=False, gap="small", key=name):
        st.markdown(
            ICONS[sentence.kind],
            width=ICON_WIDTH * (1 + sentence.depth),
            text_alignment="right",
        )
        quote = f"  \n:gray[“{literal(sentence.quote)}”]" if sentence.quote else ""
        facts = " · ".join(filter(None, [sentence.after, sentence.detail]))
        detail = f"  \n:small[:gray[{literal(facts)}]]" if facts else ""
        st.markdown(f"{literal(sentence.text)}{quote}{detail}", width="stretch")
