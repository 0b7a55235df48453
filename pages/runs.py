"""Everything that was run, the newest first."""

from functools import partial

import streamlit as st

from dashboard import run_services
from dashboard.components import finding, problem, run_table
from dashboard.components.fragments import fragment
from dashboard.theme import STATUS

LIVE_SECONDS = 2.0
ALL = "all"
FILTERS = [ALL, "pending", "running", "waiting", "paused", "completed", "failed", "cancelled"]

st.title("Runs", anchor=False)

if "run" in st.query_params or "a" in st.query_params:
    # The address that Streamlit leaves behind when runs are opened: somebody is going back.
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
        on_change=finding.to_first_page,
        wrap=True,
    )
    search = finding.search()
    with_tries = st.toggle(
        "Show tries",
        key="tries",
        help="What was only tried: questions to an agent, and single steps of a workflow.",
        bind="query-params",
        on_change=finding.to_first_page,
    )

status = None if chosen == ALL else chosen
look = partial(run_services.find_runs, status, search, with_tries=with_tries)
listed, paging = st.container(), st.container()
rows, pages = look()
page = finding.page(paging, pages)
if page > 1:
    rows, pages = look(page=page)
st.session_state["runs-shown"] = {
    "status": chosen,
    "search": search,
    "tries": with_tries,
    "page": page,
}

if not rows and (status or search):
    st.info("No run matches. Change the filter to see others.", icon=":material/filter_alt:")
elif not rows:
    st.info("Every run will stand here.", icon=":material/history:")
    st.page_link("../pages/templates.py", label="Choose a template", icon=":material/play_arrow:")

# One that waits for somebody changes by itself only when its time is over, but another person may
# answer or resume it, so it is looked at in the same calm rhythm.
is_live = not all(row.is_over for row in rows)


@fragment(run_every=LIVE_SECONDS if is_live else None)
def table() -> None:
    """The runs of this page, drawn again while one of them is not over."""
    with problem.explained():
        shown, _ = look(page=page)
        if all(row.is_over for row in shown) == is_live:
            st.rerun()
        run_table.show(shown, now=run_services.now(), key="runs", can_compare=bool(shown))


with listed:
    table()
