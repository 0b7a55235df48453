"""What a run came to, for people who want only that."""

import streamlit as st

from dashboard.components import long_text
from dashboard.components.text import literal
from dashboard.viewmodels.runs import RunView


def show(run: RunView) -> None:
    """Draw the result, once there is one."""
    if run.result is None:
        return
    with st.container(border=True):
        st.subheader("Result", anchor=False)
        long_text.show(run.result, key="result")
        for remark in run.model_remarks:
            st.caption(f":material/info: {literal(remark)}")
        with st.container(horizontal=True):
            st.download_button(
                "Download as Markdown",
                data=f"# {run.row.name}\n\n{run.result}\n",
                file_name=f"{run.row.id}.md",
                mime="text/markdown",
                icon=":material/download:",
                on_click="ignore",
            )
            with st.popover("Copy", icon=":material/content_copy:"):
                long_text.show_code(run.result, key="result-copy")
