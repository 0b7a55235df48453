"""The switch that lets a page speak plainly: `explain=1` in the address, and for the session."""

import streamlit as st

from dashboard import address

NAME = "explain"
_SWITCH = "explain-switch"

PLAIN = {
    "Timeline": "When each one was at work",
    "Steps": "Who was asked what, and the answers",
    "Events": "Everything that was noted",
}
"""What sections are called in plain words."""


def is_on() -> bool:
    """Whether plain words are wanted: by the address, else as chosen last."""
    return address.is_set(NAME) or bool(st.session_state.get(NAME))


def switch() -> None:
    """Draw the switch."""
    st.session_state[NAME] = st.session_state[_SWITCH] = is_on()
    st.toggle(
        "Explain",
        key=_SWITCH,
        on_change=_turn,
        help="Tells in plain words what has happened, for people who do not program.",
    )


def title(name: str) -> str:
    """Return what a section is called here and now."""
    return PLAIN.get(name, name) if is_on() else name


def _turn() -> None:
    chosen = bool(st.session_state[_SWITCH])
    st.session_state[NAME] = chosen
    address.put(NAME, chosen)
