"""Four figures of today, each with its last seven days."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.figures import Figures
from dashboard.viewmodels.words import money

ABOUT = "Since midnight UTC. The bars are the last seven days. Samples do not count."


def show(figures: Figures) -> None:
    """Draw the figures."""
    rate = figures.success_rate
    cards: tuple[tuple[str, str, Sequence[float | None], str], ...] = (
        ("Runs", str(figures.runs), figures.runs_a_day, ""),
        (
            "Success rate",
            "–" if rate is None else f"{rate:.0%}",
            figures.success_a_day,
            " Of the runs that were completed or failed.",
        ),
        ("Tokens", f"{figures.tokens:,}", figures.tokens_a_day, ""),
        (
            "Cost",
            money(figures.cost) if figures.runs else "–",
            figures.cost_a_day,
            " The bars leave out what has no known price.",
        ),
    )
    with st.grid(len(cards), min_column_width=150):
        for label, value, days, more in cards:
            st.metric(
                label,
                literal(value),
                border=True,
                height="stretch",
                chart_data=[day or 0.0 for day in days] if any(days) else None,
                chart_type="bar",
                help=ABOUT + more,
            )
