"""Which saved workflow a run is of, which earlier run it goes on from, and the ways to both."""

import streamlit as st

from dashboard import run_services, workflow_services
from dashboard.components.text import literal
from dashboard.viewmodels.runs import RunView


def show(run: RunView) -> None:
    """Link to the workflow, to the earlier run, and to the comparison with it, if there are any."""
    _workflow(run)
    if run.forked_from is None:
        return
    since = f", from the step {literal(run.forked_at)} on" if run.forked_at else ""
    source = run_services.find_row(run.forked_from)
    if source is None:
        st.caption(f":material/history: Continues a run that was deleted{since}.")
        return
    with st.container(horizontal=True, gap="medium"):
        st.page_link(
            "../pages/run.py",
            label=f"Continues {literal(source.name)} of {source.created_at:%d %b %Y, %H:%M} UTC"
            f"{since}",
            query_params={"run": source.id},
            icon=":material/history:",
        )
        st.page_link(
            "../pages/compare.py",
            label="Compare with the original",
            query_params={"a": source.id, "b": run.row.id},
            icon=":material/compare_arrows:",
        )


def _workflow(run: RunView) -> None:
    name = workflow_services.name_of(run.definition_id) if run.definition_id else None
    if name is not None:
        st.page_link(
            "../pages/workflow.py",
            label=f"Version {run.definition_version} of {literal(name)}",
            query_params={"workflow": str(run.definition_id)},
            icon=":material/account_tree:",
        )
