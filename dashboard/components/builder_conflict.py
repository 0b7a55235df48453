"""Two editors of one workflow: whose document goes on, and what differs between the two."""

import streamlit as st

from dashboard import workflow_services
from dashboard.components import builder_draft, difference
from dashboard.components.builder_draft import Built


def show(built: Built) -> None:
    """Say that somebody else has changed it, and have a choice made."""
    theirs = built.theirs
    if theirs is None:
        return
    with st.container(border=True, key="conflict"):
        st.warning(
            "This workflow was changed in another tab, or by somebody else, while you changed it "
            "here. Your last change is not kept yet: choose which of the two goes on.",
            icon=":material/sync_problem:",
        )
        with st.container(horizontal=True):
            st.button(
                "Take theirs",
                icon=":material/download:",
                on_click=builder_draft.take,
                args=(built, theirs, "What another editor did"),
                help="Yours comes back with an undo.",
            )
            st.button(
                "Keep mine",
                icon=":material/upload:",
                type="primary",
                on_click=builder_draft.keep_mine,
                args=(built,),
                help="What the other did is replaced by yours.",
            )
        with st.expander("What differs", icon=":material/difference:", key="conflict-difference"):
            difference.show(
                workflow_services.readable(theirs.document),
                workflow_services.readable(built.document),
                key=f"conflict-{theirs.version}-{built.round}",
                removed="only in theirs",
                added="only in mine",
            )
