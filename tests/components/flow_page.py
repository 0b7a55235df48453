"""A flow with steps of every kind and a run that goes on in it, for ever."""

import streamlit as st

from dashboard.components import flow_canvas
from dashboard.viewmodels.flow import Mark, flow_of

STEPS = [
    {"type": "task", "id": "draft", "name": "Draft"},
    {
        "type": "conditional",
        "id": "long",
        "name": "Too long?",
        "condition": "words > 100",
        "if_branch": {"type": "task", "id": "cut", "name": "<img src=x onerror=alert(1)>"},
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
    {
        "type": "loop",
        "id": "refine",
        "name": "Refine",
        "steps": [
            {"type": "task", "id": "feedback", "name": "Feedback"},
            {"type": "approval", "id": "ask", "name": "Ask the editor"},
        ],
    },
]
FLOW = flow_of(STEPS, direction="TB")
BODY = ("refine/feedback", "refine/ask")

st.set_page_config(layout="wide")
if st.button("Choose Law"):
    st.session_state.chosen = "experts/law"


@st.fragment(run_every=1.0)
def run() -> None:
    turn = st.session_state.get("turn", 0) + 1
    st.session_state.turn = turn
    marks = {
        "draft": Mark("completed", "12 s", False),
        "long/cut": Mark("skipped", "", False),
        "refine": Mark("running", f"turn {turn}", True),
        BODY[turn % 2]: Mark("running", f"turn {turn}", True),
        BODY[1 - turn % 2]: Mark("completed", "3 s", False),
    }
    selected = st.session_state.get("chosen")
    chosen = flow_canvas.show(
        FLOW, marks, key="run", alt="A run", selected=selected, selectable=True
    )
    st.text(f"Chosen: {chosen}")
    st.text(f"Turn {turn}.")


run()
flow_canvas.show(FLOW, key="picture", alt="A drawing of the workflow", height=300)
