"""What is kept for how long, and how to delete what is old."""

import streamlit as st

from dashboard import upkeep_services
from dashboard.components import asking, problem
from dashboard.viewmodels.words import count

DAYS = 90
LONGEST = 36_500


def show() -> None:
    """Draw what is kept, and the way to delete old runs."""
    st.subheader("What is kept", anchor=False)
    st.markdown(
        "Everything, until somebody deletes it: runs with their prompts, answers and events, "
        "agents, workflows and their versions. Nothing is deleted by itself."
    )
    st.subheader("Delete old runs", anchor=False)
    days = st.number_input(
        "Ended more than this many days ago",
        0,
        LONGEST,
        DAYS,
        key="retention-days",
        persist_state="session",
        width=280,
    )
    found = upkeep_services.old_runs(days)
    runs = count(len(found), "run")
    if not found:
        st.info("No run ended that long ago, samples apart.", icon=":material/history:")
        return
    st.markdown(
        f"**{runs}** would be deleted. Runs that are not over stay, and so do the samples, which "
        "the home page removes."
    )
    if st.button(f"Delete {runs}…", icon=":material/delete_sweep:", key="delete-old"):
        _ask(found, days)


@st.dialog("Delete old runs?")
def _ask(found: list[str], days: int) -> None:
    runs = count(len(found), "run")
    old = f"that ended more than {count(days, 'day')} ago" if days else "that have ended"
    st.markdown(
        f"**{runs}** {old} will be gone for good, with steps, texts and events. This "
        "cannot be undone; a backup made before is the only way back."
    )
    st.caption("The database's file does not shrink: what comes next takes the room.")
    if asking.is_sure_to_delete("Keep them"):
        with problem.explained(), st.spinner("Deleting…"):
            upkeep_services.delete_runs(found)
            st.toast(f"Deleted {runs}", icon=":material/delete:")
            st.rerun()
