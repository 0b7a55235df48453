"""Four figures of today, each with its last seven days."""

import streamlit as st

from dashboard.viewmodels.figures import Figures
from dashboard.viewmodels.words import money


def show(figures: Figures) -> None:
    """Draw the figures."""
    rate = figures.success_rate
    cards = (
        ("Runs today", str(figures.runs), figures.runs_a_day),
        (
            "Success rate today",
            "–" if rate is None else f"{rate:.0%}",
            [value or 0.0 for value in figures.success_a_day],
        ),
        ("Tokens today", f"{figures.tokens:,}", figures.tokens_a_day),
        ("Cost today", money(figures.cost) if figures.runs else "–", figures.cost_a_day),
    )
    with st.grid(min_column_width=200):
        for label, value, days in cards:
            st.metric(
                label,
                value.replace("$", "\\$"),
                border=True,
                chart_data=list(days),
                chart_type="bar",
                help="The bars are the last seven days, today on the right. Samples do not count.",
            )
