"""A short tour, which greets a browser's first visit to Home and is there again when asked for."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent
STEP = "tour-step"  # in the session: the step that is shown; not there where no tour is

_first_visit = st.components.v2.component(
    "first_visit", js=(FOLDER / "first_visit.js").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Stop:
    """One step of the tour; its picture is the file of that name."""

    picture: str
    alt: str
    title: str
    words: str


STOPS = (
    Stop(
        "home",
        "A page with a run under way, four figures and a list",
        "Home shows what is going on",
        "Symphony lets several AI assistants work together on a task. Here you see what is under "
        "way, what has been done, and what it took. The runs marked **Sample** are real ones, "
        "there to look at.",
    ),
    Stop(
        "template",
        "A card with a drawing and a button",
        "Start with a template",
        "A template is a ready-made way of working together, such as *one writes, one criticises, "
        "the first improves*. Press **Run** on a card under **Start here**, or fill in your own "
        "topic under **Templates**.",
    ),
    Stop(
        "run",
        "Steps joined by lines, one of them at work",
        "Watch every step",
        "A run's page shows who is at work, and the text as it is written. You can pause, cancel, "
        "answer questions and carry on from any step. Turn on **Explain** to have it told in "
        "plain words.",
    ),
    Stop(
        "agents",
        "Three people, each with a task of their own",
        "Choose who answers",
        "An agent is an assistant with a role and instructions, such as *a strict editor*. One is "
        "there already; make your own under **Agents**, and pick them when you start a template.",
    ),
    Stop(
        "runs",
        "A list of runs, one of them opened",
        "Nothing is lost",
        "Under **Runs** stands everything that was ever run, with every word; **Replay** plays a "
        "run again as it went. A run goes on when you close the window, and its address is a link "
        "that you can send.",
    ),
)


def greet() -> None:
    """Begin the tour if this is the browser's first visit."""
    _first_visit(key="first-visit", on_first_change=begin)


def begin() -> None:
    """Show the tour from its beginning."""
    st.session_state[STEP] = 0


def show() -> None:
    """Draw the tour where it has begun."""
    if STEP in st.session_state:
        _dialog()


def _end() -> None:
    st.session_state.pop(STEP, None)


def _go(by: int) -> None:
    st.session_state[STEP] += by


@st.dialog("A short tour", on_dismiss=_end)
def _dialog() -> None:
    number: int | None = st.session_state.get(STEP)
    if number is None:
        st.rerun()
    stop, is_last = STOPS[number], number == len(STOPS) - 1
    st.image(FOLDER / f"{stop.picture}.svg", alt=stop.alt, width="stretch")
    st.title(stop.title, anchor=False)  # in a dialog headings are smaller
    st.markdown(stop.words)
    st.progress((number + 1) / len(STOPS), text=f"{number + 1} of {len(STOPS)}")
    with st.container(horizontal=True):
        if not is_last:
            st.button("Skip the tour", type="tertiary", key="tour-skip", on_click=_end)
        st.space("stretch")
        if number:
            st.button(
                "Back", icon=":material/arrow_back:", key="tour-back", on_click=_go, args=(-1,)
            )
        if is_last:
            st.button(
                "Done", icon=":material/check:", type="primary", key="tour-done", on_click=_end
            )
        else:
            st.button(
                "Next",
                icon=":material/arrow_forward:",
                type="primary",
                key="tour-next",
                on_click=_go,
                args=(1,),
            )
