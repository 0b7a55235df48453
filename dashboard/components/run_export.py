"""A run to take along: as a web page, as Markdown or as JSON."""

from functools import partial

import streamlit as st

from dashboard import run_exports
from dashboard.viewmodels.runs import RunRow

LEAVE_OUT = "Leave out prompts, instructions and inputs"
LEAVE_OUT_HELP = (
    "For people who may see what came out and not what was put in. An answer that repeats its "
    "prompt still does."
)


def show(row: RunRow) -> None:
    """Draw the popover; a file is made when its button is pressed, of the run as it then stands."""
    with st.popover("Share", icon=":material/share:", key=f"share-{row.id}"):
        if not row.is_over:
            st.caption("The run is not over: a file holds what there is when it is made.")
        left_out = st.toggle(LEAVE_OUT, help=LEAVE_OUT_HELP, key=f"left-out-{row.id}")
        for form in run_exports.FORMATS:
            st.download_button(
                form.label,
                data=partial(run_exports.export, row.id, form, whole=not left_out),
                file_name=run_exports.file_name(row, form),
                mime=form.mime,
                help=form.use,
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
                key=f"download-{form.ending}-{row.id}",
            )
