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
        "Runs that start without a form have no limits of their own accord: those of the cards on "
        "the home page, of the command line and of programs, and what is only tried."
    )
