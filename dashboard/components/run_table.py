"""Runs as a list: a line each, which leads to the run's page."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.runs import RunRow
from dashboard.viewmodels.words import ago, count, cut, duration, money


def show(rows: Sequence[RunRow], *, now: datetime) -> None:
    """Draw the runs."""
    for row in rows:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(badge(row.status), width="content")
                st.page_link(
                    "../pages/run.py",
                    label=f"**{literal(cut(row.name, 60))}**",
                    query_params={"run": row.id},
                )
                if row.is_sample:
                    st.badge("Sample", color="gray")
                if row.subject:
                    st.caption(literal(row.subject))
            st.caption(" · ".join(_facts(row, now)))


def _facts(row: RunRow, now: datetime) -> list[str]:
    return [
        f":material/calendar_today: {ago(row.created_at, now)}",
        f":material/timer: {duration(row.duration_s)}",
        f"{row.steps} {'steps' if row.steps != '1' else 'step'}",
        count(row.tokens, "token"),
        literal(money(row.cost)),
    ]
