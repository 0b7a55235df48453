"""What differs between two texts, drawn: struck through what is gone, underlined what is new.

The texts go to the browser as data and are set there as the content of text nodes, so nothing in
them is ever read as Markdown or HTML.
"""

from pathlib import Path

import streamlit as st

from dashboard.assets import loader
from dashboard.viewmodels.differences import FOLDED, Piece, cut_off, difference, folded
from dashboard.viewmodels.words import count

SHOWN = 20_000  # characters; more is drawn when it is asked for
UNFOLDED = 20_000  # characters; what is folded and longer stays so

_component = st.components.v2.component(
    "difference",
    css=(Path(__file__).parent / "difference.css").read_text(encoding="utf-8"),
    js=loader("difference.js"),
)


def show(
    before: str, after: str, *, key: str, removed: str = "removed", added: str = "added"
) -> None:
    """Draw the difference; `removed` and `added` are what the legend calls them."""
    found = difference(before, after)
    st.caption(found.summary(removed, added))
    if found.is_none:
        return
    pieces = folded(found.pieces)
    shown = pieces if st.session_state.get(f"all-{key}") else cut_off(pieces, SHOWN)
    _component(
        key=key,
        data={
            "legend": {"removed": removed, "added": added},
            "pieces": [_data(piece) for piece in shown],
        },
    )
    if len(shown) < len(pieces) or shown[-1] != pieces[-1]:
        st.button(
            "Show all",
            icon=":material/expand_all:",
            key=f"show-{key}",
            on_click=st.session_state.__setitem__,
            args=(f"all-{key}", True),
        )


def _data(piece: Piece) -> dict[str, str]:
    if piece.kind != FOLDED:
        return {"kind": piece.kind, "text": piece.text}
    label = f"… {count(piece.words, 'word')} the same …"
    return {
        "kind": FOLDED,
        "label": label,
        "text": piece.text if len(piece.text) <= UNFOLDED else "",
    }
