"""The steps as a plain list, with buttons for all that can be done to them."""

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import streamlit as st

from dashboard.components import builder_draft, builder_moves
from dashboard.components.builder_draft import Built
from dashboard.components.builder_words import OTHER_ICON, STEP_ICONS
from dashboard.components.text import literal
from dashboard.viewmodels import editing
from dashboard.viewmodels.editing import Row
from dashboard.viewmodels.words import count, cut
from symphony_core.io.problems import Problem

INDENT = "\N{EM SPACE}" * 2
LONGEST_NAME = 60
HEIGHT, MOST_ROWS = 400, 16  # pixels, and the steps that have room in them


def show(built: Built, problems: Sequence[Problem]) -> None:
    """Draw the list, what can be done with the chosen step, and what can be added."""
    rows = editing.rows(built.document)
    if rows:
        with st.container(height=HEIGHT if len(rows) > MOST_ROWS else "content", border=False):
            _choice(built, rows, Counter(problem.step for problem in problems))
        row = next((row for row in rows if row.id == built.selected), None)
        if row:
            builder_moves.show_buttons(built, row)
    builder_moves.show_palette(built)


def _choice(built: Built, rows: Sequence[Row], wrong: Counter[str | None]) -> None:
    said = {row.id: _said(row, wrong[row.id]) for row in rows}
    ids = list(said)
    # With other options the same element would show none of them as chosen.
    key = built.key(f"list-{crc32(repr(said).encode())}")
    chosen = built.selected if built.selected in said else None
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
    st.radio(
        "Steps",
        ids,
        None,
        lambda step_id: said.get(step_id, step_id),
        key,
        on_change=lambda: builder_draft.select(built, st.session_state[key]),
        label_visibility="collapsed",
        width="stretch",
    )


def _said(row: Row, problems: int) -> str:
    lane = f":gray-badge[{row.lane}] " if row.lane else ""
    wrong = f" :red-badge[{count(problems, 'problem')}]" if problems else ""
    icon = STEP_ICONS.get(row.kind, OTHER_ICON)
    return f"{INDENT * row.depth}{lane}{icon} {literal(cut(row.name, LONGEST_NAME))}{wrong}"
