"""Everything that was run, the newest first."""

import streamlit as st

from dashboard import services
from dashboard.components import problem, run_table
from dashboard.theme import STATUS

LIVE_SECONDS = 2.0
ALL = "all"
FILTERS = [ALL, "pending", "running", "completed", "failed", "cancelled"]


def to_first_page() -> None:
    """Leave the page of another selection."""
    st.session_state["page"] = 1


st.title("Runs", anchor=False)

if "run" in st.query_params:
    # The address that Streamlit leaves behind when a run is opened: somebody is going back.
    st.query_params.clear()
    st.session_state["runs-back"] = True
    st.rerun()
if st.session_state.pop("runs-back", False):
    st.session_state.update(st.session_state.get("runs-shown", {}))

with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.segmented_control(
        "Status",
        FILTERS,
        default=ALL,
        required=True,
        # The word stands in the address, so it has no icon.
        format_func=lambda name: "All" if name == ALL else STATUS[name].word,
        key="status",
        bind="query-params",
        on_change=to_first_page,
        wrap=True,
    )
    search = st.text_input(
        "Search",
        key="search",
        type="search",
        placeholder="Part of a name",
        live=True,
        bind="query-params",
        on_change=to_first_page,
        width=220,
    )

status = None if chosen == ALL else chosen
listed, paging = st.container(), st.container()
rows, pages = services.find_runs(status, search)
page = paging.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
if page > 1:
    rows, pages = services.find_runs(status, search, page)
st.session_state["runs-shown"] = {"status": chosen, "search": search, "page": page}

if not rows and (status or search):
    st.info("No run matches. Change the filter to see others.", icon=":material/filter_alt:")
elif not rows:
    st.info("Every run will stand here.", icon=":material/history:")
    st.page_link("../pages/templates.py", label="Choose a template", icon=":material/play_arrow:")

is_live = any(row.is_live for row in rows)


@st.fragment(run_every=LIVE_SECONDS if is_live else None)
def table() -> None:
    """The runs of this page, drawn again while one of them is live."""
    with problem.explained():
        shown, _ = services.find_runs(status, search, page)
        if any(row.is_live for row in shown) != is_live:
            st.rerun()
        run_table.show(shown, now=services.now(), key="runs")


with listed:
    table()
