"""The log of a run, for the curious: the newest events first, a page of them at a time."""

import streamlit as st

from dashboard import explaining, run_details
from dashboard.components import problem
from dashboard.components.fragments import fragment

HEIGHT = 320


def show(run_id: str, *, rhythm: float | None) -> None:
    """Draw the log; it is only read while it is open, again every `rhythm` seconds."""
    fragment(run_every=rhythm)(_log)(run_id)


def _log(run_id: str) -> None:
    section = st.expander(
        explaining.title("Events"),
        icon=":material/list_alt:",
        on_change="rerun",
        key=f"events-{run_id}",
    )
    if not section.open:
        return
    with section, problem.explained():
        place = st.container()
        pages = run_details.count_event_pages(run_id)
        page = st.pagination(pages, key=f"event-page-{run_id}") if pages > 1 else 1
        place.dataframe(
            [
                {
                    "#": row.number,
                    "Time (UTC)": f"{row.at:%H:%M:%S}.{row.at.microsecond // 1000:03d}",
                    "What": row.what,
                    "Step": row.path,
                    "Details": row.details,
                }
                for row in run_details.find_events(run_id, page)
            ],
            height=HEIGHT,
            hide_index=True,
            alt="What happened in the run, the newest first",
        )
