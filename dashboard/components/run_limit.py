"""What a paused run waits for, and the form that raises its limits."""

import streamlit as st

from dashboard import run_services
from dashboard.components import limit_fields, problem
from dashboard.components.text import literal
from dashboard.viewmodels.runs import RunView


def show(run: RunView) -> None:
    """Draw it for a paused run; others wait for nothing that is asked here."""
    if run.row.status != "paused" or not run.waits_for:
        return
    st.info(literal(run.waits_for), icon=":material/pause_circle:")
    if run.raised_limits is None:
        return
    with st.container(border=True):
        st.subheader("Raise the limit", anchor=False)
        st.caption("An empty field is no limit.")
        # The fields of another pause, at a higher limit, are other fields.
        key = f"raise-{run.row.id}-{run.limits.model_dump_json()}"
        limits = limit_fields.show(run.raised_limits, key=key, with_time=False)
        with problem.explained():
            if st.button(
                "Resume",
                icon=":material/resume:",
                type="primary",
                help="It goes on where it stopped, under these limits.",
                key=f"resume-{run.row.id}",
            ):
                run_services.resume_run(run.row.id, limits)
                st.rerun()
