"""Everything that was run, the newest first."""

import streamlit as st

from dashboard import services
from dashboard.components import problem, run_table
from dashboard.theme import STATUS

LIVE_SECONDS = 2.0
FILTERS = ["pending", "running", "completed", "failed", "cancelled"]

st.title("Runs", anchor=False)

with st.container(horizontal=True, vertical_alignment="bottom"):
    status = st.segmented_control(
        "Status",
        FILTERS,
        format_func=lambda name: STATUS[name].word,
        key="status",
        bind="query-params",
    )
    search = st.text_input(
        "Search by name",
        key="search",
        icon=":material/search:",
        bind="query-params",
        width=320,
    )

with problem.explained():
    rows, pages = services.find_runs(status, search)
    page = 1
    if pages > 1:
        page = min(st.pagination(pages, key="page", bind="query-params"), pages)
        rows, pages = services.find_runs(status, search, page)
    if not rows and (status or search):
        st.info("No run matches. Change the filter to see others.", icon=":material/filter_alt:")
    elif not rows:
        st.info("Every run will stand here.", icon=":material/history:")
        st.page_link(
            "../pages/templates.py", label="Choose a template", icon=":material/play_arrow:"
        )

is_live = any(row.is_live for row in rows)


@st.fragment(run_every=LIVE_SECONDS if is_live else None)
def listed() -> None:
    """The runs of this page, drawn again while one of them is live."""
    shown, _ = services.find_runs(status, search, page)
    if any(row.is_live for row in shown) != is_live:
        st.rerun()
    run_table.show(shown, now=services.now())


with problem.explained():
    listed()
