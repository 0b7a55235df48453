"""A workflow that is edited on the canvas, and every action that arrived; `?steps=` asks for many.

What a real page does with the actions is not tried here: only adding, moving and taking away.
"""

import copy
from collections.abc import Iterator
from typing import Any

import streamlit as st

from dashboard.components import flow_canvas
from dashboard.viewmodels.editing import KINDS
from dashboard.viewmodels.flow import flow_of

BRANCHES = ("steps", "if_branch", "else_branch")
INSIDE = {"conditional": BRANCHES[1:], "parallel": BRANCHES[:1], "loop": BRANCHES[:1]}
Step = dict[str, Any]

STEPS: list[Step] = [
    {"type": "task", "id": "draft", "name": "Draft"},
    {
        "type": "conditional",
        "id": "long",
        "name": "Too long?",
        "condition": "words > 100",
        "if_branch": [{"type": "task", "id": "cut", "name": "Cut"}],
        "else_branch": [],
    },
    {
        "type": "parallel",
        "id": "experts",
        "name": "Experts",
        "steps": [
            {"type": "task", "id": "law", "name": "Law"},
            {"type": "task", "id": "style", "name": "Style"},
        ],
    },
    {"type": "loop", "id": "refine", "name": "Refine", "steps": []},
]


def lists(steps: list[Step], within: str | None = None, branch: str = "steps") -> Iterator[Any]:
    yield within, branch, steps
    for step in steps:
        for name in INSIDE.get(step["type"], ()):
            yield from lists(step[name], step["id"], name)


def put(steps: list[Step], place: dict[str, Any], step: Step) -> None:
    for within, branch, held in lists(steps):
        if (within, branch) == (place["within"], place["branch"]):
            held.insert(place["index"], step)


def on_action(action: dict[str, Any]) -> None:
    state = st.session_state
    state.actions.append(action)
    steps = copy.deepcopy(state.steps)
    if action["do"] == "insert":
        id = f"new{len(state.actions)}"
        inside: Step = {name: [] for name in INSIDE.get(action["kind"], ())}
        name = f"New {KINDS[action['kind']].lower()}"
        put(steps, action["place"], {"type": action["kind"], "id": id, "name": name, **inside})
        state.chosen = id
    elif action["do"] == "delete":
        for _, _, held in lists(steps):
            held[:] = [step for step in held if step["id"] != action["id"]]
        state.chosen = None
    elif action["do"] == "move":
        found = next(s for _, _, held in lists(steps) for s in held if s["id"] == action["id"])
        moved = copy.deepcopy(found)
        found["id"] = None
        put(steps, action["place"], moved)
        for _, _, held in lists(steps):
            held[:] = [step for step in held if step["id"] is not None]
        state.chosen = action["id"]
    elif action["do"] == "select":
        state.chosen = action["id"]
    state.steps = steps


st.set_page_config(layout="wide")
if "steps" not in st.session_state:
    many = int(st.query_params.get("steps", "0"))
    named = [{"type": "task", "id": f"s{i}", "name": f"Step {i}"} for i in range(many)]
    st.session_state.steps = named or copy.deepcopy(STEPS)
    st.session_state.actions = []
    st.session_state.chosen = None

st.title("Editing")
flow_canvas.edit(
    flow_of(st.session_state.steps, editable=True),
    key="editor",
    alt="The workflow",
    kinds=KINDS,
    selected=st.session_state.chosen,
    problems={"draft": 2, "refine": 1},
    on_action=on_action,
)
st.text(f"Chosen: {st.session_state.chosen}")
if st.button("Run again"):
    st.session_state.runs = st.session_state.get("runs", 0) + 1
st.text(f"Runs: {st.session_state.get('runs', 0)}")
st.code("\n".join(str(action) for action in st.session_state.actions) or "nothing yet")
st.text(f"Actions: {len(st.session_state.actions)}")  # last: who sees the number sees the list too
