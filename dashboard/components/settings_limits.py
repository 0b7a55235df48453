"""What new runs may use: what the forms that start them are filled with."""

import streamlit as st

from dashboard import default_services
from dashboard.components import limit_fields, setting_draft

NAME = "default-limits"


def show() -> None:
    """Draw it."""
    st.subheader("Limits of new runs", anchor=False)
    st.markdown(
        "The forms that start a run are filled with these, and every run can be given others "
        "before it starts."
    )
    stored = default_services.limits()
    draft = setting_draft.open_draft(NAME, stored)
    with st.container(border=True):
        st.caption(limit_fields.HOW)
        typed = limit_fields.show(draft.seen, key=draft.key)
        setting_draft.actions(draft, typed, stored, default_services.set_limits)
    st.caption(
        "What starts without such a form is not limited by them: the cards on the home page, what "
        "is tried in the builder or with an agent, the command line, and programs."
    )
