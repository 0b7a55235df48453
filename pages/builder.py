"""Where workflows are built: steps are put together, and kept as a draft with every change."""

import streamlit as st

from dashboard.components import builder_draft, builder_start, builder_workspace, not_there, problem

asked_for = st.query_params.get("workflow")

with problem.explained():
    built = builder_draft.open_built(asked_for) if asked_for else None
    if built is None:
        st.title("Builder", anchor=False)
        if asked_for:
            not_there.tell("workflow", asked_for, "Open another, or make a new one.")
        builder_start.show()
    else:
        builder_workspace.show(built)
