"""What a run asks people: a card a question, to approve, edit or reject."""

from collections.abc import Callable

import streamlit as st

from dashboard import run_services
from dashboard.components.text import literal
from dashboard.viewmodels.questions import QuestionView
from dashboard.viewmodels.runs import RunView
from symphony_core.errors import SymphonyError

NOTE_LENGTH = 2_000
TEXT_LENGTH = 100_000
TEXT_HEIGHT = 240


def show(run: RunView) -> None:
    """Draw the questions that are open, and say how those ended that somebody else answered."""
    said, cards = st.container(), st.container()
    with said:
        _say(run)
    with cards:
        for question in _in_their_places(run):
            place = st.container()  # takes no room while it is empty
            if question is not None:
                with place.container(border=True, key=f"question-{question.id}"):
                    _card(question, run.row.status)


def _in_their_places(run: RunView) -> list[QuestionView | None]:
    """Return the open questions, and None in the place of each that stood here and is answered.

    The browser keeps what is half typed in a card only as long as the card keeps its place.
    """
    key = f"question-places-{run.row.id}"
    if not run.questions and key not in st.session_state:
        return []
    places: list[str] = st.session_state.setdefault(key, [])
    asked = {question.id: question for question in run.questions}
    places += [question_id for question_id in asked if question_id not in places]
    return [asked.get(question_id) for question_id in places]


def _card(asked: QuestionView, run_status: str) -> None:
    turn = f" · turn {asked.turn}" if asked.turn is not None else ""
    st.subheader(f":material/person_raised_hand: {literal(asked.name)}{turn}", anchor=False)
    if asked.message:
        st.markdown(literal(asked.message))
    editing = f"editing-{asked.id}"
    text = None
    if st.session_state.get(editing):
        text = st.text_area(
            "Text",
            asked.text,
            TEXT_HEIGHT,
            TEXT_LENGTH,
            key=f"text-{asked.id}",
            persist_state="session",
        )
    else:
        with st.container(border=True):
            st.markdown(literal(asked.text))
    st.caption(f":material/schedule: {asked.until} {asked.after_rejection}")
    if asked.is_overdue:
        return
    note = st.text_input(
        "Note (optional)",
        max_chars=NOTE_LENGTH,
        key=f"note-{asked.id}",
        placeholder="What the next steps, or the next reader, should know",
        persist_state="session",
    )
    _buttons(asked, editing, note, text)
    if run_status == "paused":
        st.caption("The run is paused: it goes on with your answer once it is resumed.")


def _buttons(asked: QuestionView, editing: str, note: str, text: str | None) -> None:
    with st.container(horizontal=True):
        if st.button(
            "Approve" if text is None else "Save and approve",
            icon=":material/check:",
            type="primary",
            key=f"approve-{asked.id}",
        ):
            _answer(asked, lambda: run_services.approve(asked.id, note, text), "Approved")
        if st.button(
            "Edit" if text is None else "Don't edit",
            icon=":material/edit:" if text is None else ":material/undo:",
            key=f"edit-{asked.id}",
        ):
            st.session_state[editing] = text is None
            st.rerun()
        if st.button("Reject", icon=":material/close:", key=f"reject-{asked.id}"):
            _answer(asked, lambda: run_services.reject(asked.id, note), "Rejected")


def _answer(asked: QuestionView, answer: Callable[[], None], done: str) -> None:
    try:
        answer()
    except SymphonyError as error:
        # Kept, for the page is drawn again at once without the question.
        st.session_state[_said(asked.run_id)] = str(error)
    else:
        st.toast(f"{done}: {literal(asked.name)}", icon=":material/check:")
    _seen().pop(asked.id, None)
    st.rerun()


def _say(run: RunView) -> None:
    """Say what became of questions that stood here and were answered elsewhere."""
    seen = _seen()
    is_open = {asked.id for asked in run.questions}
    for question_id, run_id in list(seen.items()):
        if run_id == run.row.id and question_id not in is_open:
            del seen[question_id]
            st.session_state[_said(run_id)] = run_services.outcome_of(question_id)
    seen.update({asked.id: run.row.id for asked in run.questions})
    said = st.session_state.get(_said(run.row.id))
    if said:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(literal(said), icon=":material/groups:", width="stretch")
            st.button(
                "Close",
                icon=":material/close:",
                type="tertiary",
                key="answer-read",
                on_click=st.session_state.pop,
                args=(_said(run.row.id), None),
            )


def _said(run_id: str) -> str:
    return f"answer-said-{run_id}"


def _seen() -> dict[str, str]:
    """Return the questions that stood here and were not answered from here, with their runs."""
    seen: dict[str, str] = st.session_state.setdefault("questions-seen", {})
    return seen
