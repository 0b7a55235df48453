"""A workflow as a graph whose steps light up while it runs; drawn by React Flow, changed in place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from dashboard.assets import loader
from dashboard.theme import STATUS
from dashboard.viewmodels.flow import Flow, Mark

_component = st.components.v2.component("flow_canvas", js=loader("flow.js"))


def show(
    flow: Flow,
    marks: Mapping[str, Mark] | None = None,
    *,
    key: str,
    alt: str,
    selected: str | None = None,
    height: int | None = None,
    selectable: bool = False,
    follow: Sequence[str] = (),
    on_select: Callable[[], None] | None = None,
) -> str | None:
    """Draw the flow, and return the node that was chosen last; the same key keeps the same canvas.

    Without `marks` it is a workflow, with them a run of it. Without `height` it is as high as the
    flow is. A flow too large to be read goes to the nodes in `follow`. `on_select` is called before
    the page runs again because another node was chosen.
    """
    data = data_of(
        flow,
        marks,
        alt=alt,
        selected=selected,
        height=height,
        selectable=selectable,
        follow=follow,
    )
    shown = _component(key=key, data=data, on_selected_change=on_select or _nothing)
    chosen: str | None = shown.selected
    return chosen


def data_of(
    flow: Flow,
    marks: Mapping[str, Mark] | None = None,
    *,
    alt: str,
    selected: str | None = None,
    height: int | None = None,
    selectable: bool = False,
    follow: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what the bundle draws the flow from, on the dashboard's pages and on any other."""
    return {
        "flow": asdict(flow),
        "marks": None if marks is None else {node: _look(mark) for node, mark in marks.items()},
        "alt": alt,
        "selected": selected,
        "height": height,
        "selectable": selectable,
        "follow": list(follow),
    }


def _look(mark: Mark) -> dict[str, Any]:
    look = STATUS[mark.status]
    return {
        "status": mark.status,
        "word": look.word,
        "colour": look.colour,
        "detail": mark.detail,
        "live": mark.is_live,
    }


def _nothing() -> None:
    """Streamlit keeps a component's state only if somebody is told of its changes."""
