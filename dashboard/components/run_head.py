"""The head of a run's page: what it is, how far it has come, and what can be done with it."""

import streamlit as st

from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.runs import RunRow
from dashboard.viewmodels.words import count, duration, money


def show(row: RunRow, *, has_worker: bool) -> None:
    """Draw the run's status and figures, and what it is waiting for."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(badge(row.status), width="content")
        for words in _figures(row):
            st.caption(words, width="content")
        if row.is_sample:
            st.badge("Sample", color="gray")
    if row.is_live and row.steps_total:
        done = min(row.steps_done / row.steps_total, 1.0)
        st.progress(done, text=f"{row.steps} steps done")
    if row.status == "pending" and not has_worker:
        st.info("It starts as soon as a worker is there.", icon=":material/schedule:")
    if row.status == "interrupted":
        st.warning(
            "The worker that ran it is gone. The next one goes on where it stopped.",
            icon=":material/report:",
        )


def _figures(row: RunRow) -> list[str]:
    return [
        f":material/timer: {duration(row.duration_s)}",
        f":material/checklist: {row.steps} {'steps' if row.steps_total != 1 else 'step'}",
        f":material/token: {count(row.tokens, 'token')}",
        f":material/payments: {literal(money(row.cost))}",
        f":material/calendar_today: {row.created_at:%d %b %Y, %H:%M} UTC",
    ]
