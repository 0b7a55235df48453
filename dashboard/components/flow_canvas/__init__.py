"""A workflow as a graph: its steps light up while it runs, or it is put together on it.

React Flow draws it, and changes it in place.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.assets import loader
from dashboard.theme import STATUS
from dashboard.viewmodels.flow import Flow, Mark

_component = st.components.v2.component("flow_canvas", js=loader("flow.js"))
_editor = st.components.v2.component("flow_editor", js=loader("flow.js", export="edit"))

Action = dict[str, Any]


def show(
    flow: Flow,
    marks: Mapping[str, Mark] | None = None,
    *,
    key: str,
    alt: str,
    narrow: Flow | None = None,
    selected: str | None = None,
    height: int | None = None,
    selectable: bool = False,
    follow: Sequence[str] = (),
    on_select: Callable[[], None] | None = None,
) -> str | None:
    """Draw the flow, and return the node that was chosen last; the same key keeps the same canvas.

    Without `marks` it is a workflow, with them a run of it. Without `height` it is as high as the
    flow is. On a phone the `narrow` flow is drawn, if there is one. A flow too large to be read goes
    to the nodes in `follow`. `on_select` is called before the page runs again because another node
    was chosen.
    """
    data = data_of(
        flow,
        marks,
        alt=alt,
        narrow=narrow,
        selected=selected,
        height=height,
        selectable=selectable,
        follow=follow,
    )
    shown = _component(key=key, data=data, on_selected_change=on_select or _nothing)
    chosen: str | None = shown.selected
    return chosen


def edit(
    flow: Flow,
    *,
    key: str,
    alt: str,
    kinds: Mapping[str, str],
    on_action: Callable[[Action], None],
    selected: str | None = None,
    problems: Mapping[str, int] | None = None,
    height: int = 520,
) -> None:
    """Draw an editable flow with a palette; the same key keeps the same canvas and its view.

    `kinds` are the words of the kinds of steps that can be added; `problems` says how many each
    step has. Steps are named by their own ids. `height` is the graph's, without the palette.

    `on_action` is told what somebody asks for, each action once and in order, before the page runs
    again: `{"do": "insert", "kind", "place"}`, `{"do": "move", "id", "place"}`, `{"do": "paste",
    "place"}`, `{"do": "select", "id"}` with None for no step, `{"do": "delete" | "duplicate" |
    "copy" | "cut", "id"}`, `{"do": "undo" | "redo"}`. A place is as in `flow.places`, in the
    workflow as it was drawn: with a step that moves still where it was.
    """
    marker = f"{key}-handled"  # a number, of the last action that was handled

    def on_actions() -> None:
        for sent in st.session_state[key].actions or ():
            number, action = sent["number"], {k: v for k, v in sent.items() if k != "number"}
            if number > st.session_state.get(marker, 0):
                st.session_state[marker] = number
                on_action(action)

    data = {
        "flow": flow.text,
        "alt": alt,
        "kinds": [{"kind": kind, "word": word} for kind, word in kinds.items()],
        "selected": selected,
        "problems": dict(problems or {}),
        "height": height,
        "handled": st.session_state.get(marker, 0),
    }
    _editor(key=key, data=data, on_actions_change=on_actions)


def data_of(
    flow: Flow,
    marks: Mapping[str, Mark] | None = None,
    *,
    alt: str,
    narrow: Flow | None = None,
    selected: str | None = None,
    height: int | None = None,
    selectable: bool = False,
    follow: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what the bundle draws the flow from, on the dashboard's pages and on any other."""
    return {
        "flow": flow.text,
        "narrow": narrow and narrow.text,
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
