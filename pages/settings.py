"""Models and keys, limits, storage, what is kept, and whether all is well."""

import streamlit as st

from dashboard.components import (
    problem,
    profile_editor,
    settings_health,
    settings_limits,
    settings_models,
    settings_retention,
    settings_storage,
)

MODELS = "Models"
PARTS = {
    MODELS: settings_models.show,
    "Limits": settings_limits.show,
    "Storage": settings_storage.show,
    "Old runs": settings_retention.show,
    "Health": settings_health.show,
}

st.title("Settings", anchor=False)

with problem.explained():
    if asked_for := st.query_params.get("model"):
        profile_editor.show(asked_for)
        st.stop()
    chosen = st.segmented_control(
        "Part",
        list(PARTS),
        default=MODELS,
        required=True,
        key="part",
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )
    PARTS[chosen or MODELS]()
