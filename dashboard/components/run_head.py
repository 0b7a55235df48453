"""The head of a run's page: what it is, how far it has come, and what can be done with it."""

import streamlit as st

from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.words import count, duration, money

WORTH_TELLING = 5.0  # seconds


def show(run: RunView, *, has_worker: bool) -> None:
    """Draw the run's status and figures, and what keeps it from going on by itself."""
    row = run.row
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(badge(row.status), width="content")
        for words in _figures(run):
            st.caption(words, width="content")
        if row.kind:
            st.badge(row.kind, color="gray")
    if run.used:
        st.caption(f":material/speed: Used of its limits: {literal(', '.join(run.used))}")
    if not row.is_over and row.steps_total:
        done = min(row.steps_done / row.steps_total, 1.0)
        st.progress(done, text=f"{row.steps} done")
    if row.status == "pending" and not has_worker:
        verb = "starts" if row.duration_s is None else "goes on"
        st.info(f"It {verb} as soon as a worker is there.", icon=":material/schedule:")
    if run.error:
        st.error(literal(run.error), icon=":material/error:")
    if row.status == "interrupted":
        st.warning(
            "The worker that ran it is gone. The next one goes on where it stopped.",
            icon=":material/report:",
        )


def _figures(run: RunView) -> list[str]:
    row = run.row
    return [
        f":material/timer: {duration(row.duration_s)}{_share(run)}",
        f":material/checklist: {row.steps}",
        f":material/token: {count(row.tokens, 'token')}",
        f":material/payments: {literal(money(row.cost))}",
        f":material/calendar_today: {row.created_at:%d %b %Y, %H:%M} UTC",
    ]


def _share(run: RunView) -> str:
    """Return how much of the time it was running, where it has waited for somebody."""
    whole, running = run.row.duration_s, run.running_s
    if whole is None or running is None or whole - running < WORTH_TELLING:
        return ""
    return f", {duration(running)} of it running"
