"""Models and keys, storage, what is kept, and whether all is well."""

import streamlit as st

from dashboard.components import problem, profile_editor, settings_models

st.title("Settings", anchor=False)

with problem.explained():
    if asked_for := st.query_params.get("model"):
        profile_editor.show(asked_for)
        st.stop()
    settings_models.show()
