"""Four figures: today, the last seven days together, and a bar for each of these days."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.figures import Day, Figures
from dashboard.viewmodels.words import money

ABOUT = (
    "Today is since midnight UTC, and a bar is a day. Samples do not count, and tries of agents or "
    "steps only in tokens and cost."
)
CHART_HEIGHT = 64


@dataclass(frozen=True)
class _Card:
    """One figure: its value for the bar's height, and how it is written."""

    label: str
    value: Callable[[Day], float | None]
    words: Callable[[Day], str]
    more: str = ""
    most: float | None = None


CARDS = (
    _Card("Runs", lambda day: day.runs, lambda day: f"{day.runs:,}"),
    _Card(
        "Success rate",
        lambda day: day.success,
        lambda day: "–" if day.success is None else f"{day.success:.0%}",
        " Of the runs that were completed or failed; a day without any has no bar.",
        most=1.0,
    ),
    _Card("Tokens", lambda day: day.tokens, lambda day: f"{day.tokens:,}"),
    _Card(
        "Cost",
        lambda day: day.cost,
        lambda day: money(day.cost) if day.runs or day.tries else "–",
        " A day on which a price is not known has no bar.",
    ),
)


def show(figures: Figures) -> None:
    """Draw the figures."""
    with st.grid(len(CARDS), min_column_width=170):
        for card in CARDS:
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(
                    f"{card.label} today",
                    literal(card.words(figures.today)),
                    help=ABOUT + card.more,
                )
                st.caption(f"Seven days: **{literal(card.words(figures.week))}**")
                st.echarts_chart(
                    _chart(card, figures),
                    height=CHART_HEIGHT,
                    key=f"figure-{card.label}",
                    alt=_in_words(card, figures),
                )
    if number := figures.week.tries:
        tries = "1 try" if number == 1 else f"{number:,} tries"
        st.caption(f"Tokens and cost include {tries} of agents or steps; a try is not a run.")


def _in_words(card: _Card, figures: Figures) -> str:
    """Return what the chart shows, for who does not see it."""
    days = zip(figures.dates, figures.days, strict=True)
    return f"{card.label}: " + ", ".join(f"{date:%A} {card.words(day)}" for date, day in days)


def _chart(card: _Card, figures: Figures) -> dict[str, Any]:
    last = len(figures.days) - 1
    bars = [
        {
            "value": card.value(day),
            "name": f"{date:%a %d %b}: {card.words(day)}",
            "itemStyle": {"opacity": 1.0 if i == last else 0.55},
        }
        for i, (date, day) in enumerate(zip(figures.dates, figures.days, strict=True))
    ]
    return {
        "animation": False,
        "grid": {"left": 0, "right": 0, "top": 2, "bottom": 18},
        "xAxis": {
            "type": "category",
            "data": [f"{date:%a}"[:2] for date in figures.dates],
            "axisTick": {"show": False},
            "axisLabel": {"interval": 0, "fontSize": 11, "margin": 5},
        },
        "yAxis": {"type": "value", "show": False, "min": 0, "max": card.most},
        "series": [{"type": "bar", "data": bars, "barCategoryGap": "25%"}],
        "tooltip": {"trigger": "item", "formatter": "{b}", "confine": True},
    }
