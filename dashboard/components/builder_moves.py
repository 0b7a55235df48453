"""What is done with a step as a whole: add, move, duplicate, delete."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.components import builder_draft
from dashboard.components.builder_draft import Built
from dashboard.components.builder_words import OTHER_ICON, STEP_ICONS, TOLD
from dashboard.viewmodels import editing
from dashboard.viewmodels.editing import Row
from dashboard.viewmodels.places import Place
from dashboard.viewmodels.spots import spots
from symphony_core.io.editable import Document

MOVES = {
    "up": ("Move up", ":material/arrow_upward:"),
    "down": ("Move down", ":material/arrow_downward:"),
    "in": ("Move into the step above", ":material/format_indent_increase:"),
    "out": ("Move out", ":material/format_indent_decrease:"),
}
DUPLICATE = ("Duplicate", ":material/content_copy:")
DELETE = ("Delete", ":material/delete:")


def add(built: Built, place: Place, kind: str) -> None:
    """Put a new step into a place, and choose it."""
    step = editing.new_step(kind, built.document, built.reserved)
    builder_draft.do(
        built, editing.insert(built.document, place, step), f"Adding of {step['name']}"
    )
    builder_draft.select(built, str(step["id"]))


def move(built: Built, step_id: str, place: Place) -> None:
    """Take a step to another place."""
    _done(built, editing.move(built.document, step_id, place), "Move", step_id)


def duplicate(built: Built, step_id: str) -> None:
    """Put a copy of a step behind it, and choose the copy."""
    document, copy = editing.duplicate(built.document, step_id, built.reserved)
    _done(built, document, "Copy", step_id)
    builder_draft.select(built, copy)


def delete(built: Built, step_id: str) -> None:
    """Take a step out, and choose the one that stood before it."""
    order = [row.id for row in editing.rows(built.document)]
    document = editing.remove(built.document, step_id)
    _done(built, document, "Deletion", step_id)
    before = order[: order.index(step_id)] if step_id in order else []
    builder_draft.select(built, before[-1] if before else None)


def show_palette(built: Built) -> None:
    """Draw a button for each kind of step, and where it goes."""
    found = spots(built.document, built.selected)
    words = [spot.words for spot in found]
    key = built.key("spot", built.selected or "")
    chosen = st.selectbox("Where a new step goes", words, key=key) if len(words) > 1 else words[0]
    place = found[words.index(chosen or words[0])].place
    with st.container(horizontal=True, gap="small"):
        for kind, word in editing.KINDS.items():
            st.button(
                word,
                icon=STEP_ICONS.get(kind, OTHER_ICON),
                key=f"add-{kind}",
                on_click=add,
                args=(built, place, kind),
                help=f"Add a step: {TOLD[kind]}" if kind in TOLD else None,
            )


def show_buttons(built: Built, row: Row) -> None:
    """Draw what can be done with a step as buttons."""
    with st.container(horizontal=True, gap="small"):
        for word, icon, do in _actions(built, row):
            st.button(word, icon=icon, key=f"do-{word}", on_click=do)


def show_menu(built: Built, row: Row) -> None:
    """Draw what can be done with a step as a menu."""
    actions = {word: (icon, do) for word, icon, do in _actions(built, row)}
    key = built.key("menu", row.id)

    def act() -> None:
        chosen = st.session_state.get(key)
        if chosen in actions:
            actions[chosen][1]()

    st.menu_button(
        "Step",
        list(actions),
        key=key,
        icon=":material/more_vert:",
        type="tertiary",
        on_click=act,
        format_func=lambda word: f"{actions[word][0]} {word}",
    )


def _done(built: Built, document: Document, what: str, step_id: str) -> None:
    step = editing.step_of(built.document, step_id) or {}
    builder_draft.do(built, document, f"{what} of {step.get('name') or step_id}")


def _actions(built: Built, row: Row) -> list[tuple[str, str, Callable[[], None]]]:
    moves = [
        (*MOVES[name], partial(move, built, row.id, place)) for name, place in row.moves.items()
    ]
    return [
        *moves,
        (*DUPLICATE, partial(duplicate, built, row.id)),
        (*DELETE, partial(delete, built, row.id)),
    ]
