"""Who works here, whether the store answers, which version this is, and who is signed in."""

from collections.abc import Sequence

import streamlit as st

from dashboard import run_services, theme, upkeep_services
from dashboard.components import problem
from dashboard.components.fragments import fragment
from dashboard.components.text import literal
from dashboard.upkeep_services import WorkerView
from dashboard.viewmodels.words import ago, count

LIVE_SECONDS = 5.0


def show() -> None:
    """Draw everything; what may change by itself is drawn again every few seconds."""
    _alive()
    st.subheader("Signed in", anchor=False)
    st.markdown(_signed_in())
    st.subheader("Version", anchor=False)
    st.markdown(f"Symphony {literal(upkeep_services.VERSION)}")


@fragment(run_every=LIVE_SECONDS)
def _alive() -> None:
    with problem.explained():
        workers = upkeep_services.list_workers()
        st.subheader("Workers", anchor=False)
        _workers(workers)
        st.subheader("Store", anchor=False)
        st.markdown(f"{theme.light('Ready', is_ready=True)} It answers.")


def _workers(workers: Sequence[WorkerView]) -> None:
    if not workers:
        badge = theme.light("No worker", is_ready=False)
        st.markdown(
            f"{badge} Nobody takes up runs right now. One starts with `python3 scripts/start`; it "
            "is started again by itself if it dies."
        )
        return
    now = run_services.now()
    for worker in workers:
        hands = f"{count(worker.active_runs, 'run')} in hand" if worker.active_runs else "idle"
        since = f"{ago(worker.started_at, now)} ({worker.started_at:%d %b %Y, %H:%M} UTC)"
        with st.container(border=True, gap="xsmall"):
            badge = theme.light("Alive", is_ready=True)
            st.markdown(f"{badge} **{literal(worker.name)}** · {hands}")
            st.caption(f"Started {since}")


def _signed_in() -> str:
    who = st.user.get("name") or st.user.get("email")
    if who:
        return (
            f":material/person: **{literal(str(who))}**, as the server in front of Symphony says."
        )
    return (
        "Nobody signs in here: whoever can open this address sees everything and may do "
        "everything. By default that is this machine alone. Before others can reach it, put a "
        "server in front that asks them who they are: “Sign-in” in `docs/operations.md` says how."
    )
