"""Runs as a list: a line each, which leads to the run's page, with what can be done with it."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard import run_services
from dashboard.components import problem, run_choice, run_deletion
from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.runs import RunRow
from dashboard.viewmodels.words import ago, count, cut, duration, money

CANCEL = ":material/stop_circle: Cancel"
AGAIN = ":material/replay: Run again"
DELETE = ":material/delete: Delete"
NAME_LENGTH = 60
STATUS_WIDTH = 140
FACTS_WIDTH = 236
INDENT = "&ensp;"  # as wide as the margin of a link


def show(rows: Sequence[RunRow], *, now: datetime, key: str, can_compare: bool = False) -> None:
    """Draw the runs; `key` tells this list from others on the page."""
    with st.container(gap="xsmall", key=key):
        if can_compare:
            run_choice.show()
        for row in rows:
            _line(row, now, key, can_compare)


def _line(row: RunRow, now: datetime, key: str, can_compare: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        if can_compare:
            run_choice.pick(row)
        kind = f"  \n:gray-badge[{row.kind}]" if row.kind else ""
        st.markdown(f"{badge(row.status)}{kind}", width=STATUS_WIDTH)
        with st.container(gap=None, width="stretch"):
            st.page_link(
                "../pages/run.py",
                label=f"**{literal(cut(row.name, NAME_LENGTH))}**",
                query_params={"run": row.id},
                icon="",
                help=_exactly(row),
            )
            st.caption(f"{INDENT}{literal(row.subject)}", wrap=False)
        st.caption(_facts(row, now), width=FACTS_WIDTH)
        chosen = st.menu_button(
            "Actions",
            [AGAIN, DELETE] if row.is_over else [CANCEL],
            key=f"{key}-{row.id}",
            type="tertiary",
        )
    if chosen:
        with problem.explained():
            _do(chosen, row)


def _facts(row: RunRow, now: datetime) -> str:
    cost = "cost unknown" if row.cost is None else literal(money(row.cost))
    return (
        f":material/schedule: {ago(row.created_at, now)} · "
        f":material/timer: {duration(row.duration_s)}  \n"
        f"{row.steps} · {count(row.tokens, 'token')} · {cost}"
    )


def _exactly(row: RunRow) -> str:
    template = f", from the template {literal(row.template)}" if row.template else ""
    return f"Started {row.created_at:%d %b %Y, %H:%M:%S} UTC{template}"


def _do(chosen: str, row: RunRow) -> None:
    if chosen == CANCEL:
        run_services.cancel_run(row.id)
        st.toast(f"Cancelling {literal(row.name)}", icon=":material/stop_circle:")
    elif chosen == AGAIN:
        st.switch_page("../pages/run.py", query_params={"run": run_services.run_again(row.id)})
    elif chosen == DELETE:
        run_deletion.ask(row, leave=False)
