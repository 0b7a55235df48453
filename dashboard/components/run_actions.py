"""What can be done with a run: cancel, pause, resume, run it again or from a step, delete it, share it."""

import streamlit as st

from dashboard import run_services
from dashboard.components import problem, run_deletion, run_export, run_fork, run_replay
from dashboard.viewmodels.runs import RunView

RUN_PAGE = "../pages/run.py"


def show(run: RunView) -> None:
    """Draw the buttons that make sense for the run as it stands, where its caller has a row."""
    with problem.explained():
        if run.row.is_over:
            _ended(run)
        else:
            _under_way(run)
        run_export.show(run.row)


def _under_way(run: RunView) -> None:
    _cancel(run)
    if run.row.is_live:
        _pause(run)
    elif run.row.status == "paused" and run.raised_limits is None:
        _resume(run, "Resume", "It goes on where it stopped.")


def _cancel(run: RunView) -> None:
    if st.button(
        "Cancelling…" if run.is_cancelling else "Cancel",
        icon=":material/stop_circle:",
        help="It stops at once; what was done is kept.",
        disabled=run.is_cancelling,
        key=f"cancel-{run.row.id}",
    ):
        run_services.cancel_run(run.row.id)
        st.rerun()


def _pause(run: RunView) -> None:
    if run.is_cancelling:
        return
    if run.is_pausing:
        _resume(run, "Don't pause", "It goes on after the step under way.")
        st.caption(":material/hourglass_top: Pausing after the step under way…", width="content")
    elif st.button(
        "Pause",
        icon=":material/pause_circle:",
        help="Steps under way go on to their end, and none begins after them.",
        key=f"pause-{run.row.id}",
    ):
        run_services.pause_run(run.row.id)
        st.rerun()


def _resume(run: RunView, label: str, help: str) -> None:
    if st.button(
        label,
        icon=":material/resume:",
        type="primary" if run.row.status == "paused" else "secondary",
        help=help,
        key=f"resume-{run.row.id}",
    ):
        run_services.resume_run(run.row.id)
        st.rerun()


def _ended(run: RunView) -> None:
    run_replay.offer(run)
    if run.definition is not None:
        if run.row.status != "completed" and st.button(
            "Retry from the failed step"
            if run.row.status == "failed"
            else "Go on where it stopped",
            icon=":material/restart_alt:",
            type="primary",
            help="A new run takes over what was done and goes on where this one stopped.",
            key=f"retry-{run.row.id}",
        ):
            st.switch_page(RUN_PAGE, query_params={"run": run_services.retry_run(run.row.id)})
        if st.button(
            "Run again",
            icon=":material/replay:",
            help="A new run with the same inputs and limits, from the beginning.",
            key=f"again-{run.row.id}",
        ):
            st.switch_page(RUN_PAGE, query_params={"run": run_services.run_again(run.row.id)})
        if run.steps and st.button(
            "Run again from a step…",
            icon=":material/start:",
            help="A new run takes over what was done before a step; the step's prompt and the "
            "inputs can be changed.",
            key=f"from-{run.row.id}",
        ):
            run_fork.choose(run, run.steps[0].path)
    if st.button("Delete", icon=":material/delete:", key=f"delete-{run.row.id}"):
        run_deletion.ask(run.row, leave=True)
    if run_fork.is_asked_for(run):
        run_fork.ask(run)
