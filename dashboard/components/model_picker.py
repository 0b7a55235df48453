"""The field in which a model is chosen."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.input_field import KEPT
from dashboard.services import ModelChoice


def show(
    label: str,
    given: str,
    models: Sequence[ModelChoice],
    *,
    key: str,
    others: Mapping[str, str] | None = None,
    takes_names: bool = False,
) -> str:
    """Draw the field, and return the name of what is chosen.

    `others` are choices before the models, by name. With `takes_names` a name can be typed too.
    """
    labels = {**(others or {}), **{model.name: model.label for model in models}}
    options = [*labels, *([given] if given not in labels else [])]
    chosen = st.selectbox(
        label,
        options,
        options.index(given),
        format_func=lambda name: labels.get(name, name),
        key=key,
        accept_new_options=takes_names,
        persist_state=KEPT,
    )
    return given if chosen is None else chosen
