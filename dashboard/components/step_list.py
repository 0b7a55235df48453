"""A run's steps in the order of time: cards, side by side what ran so, and loops turn by turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.components import step_card
from dashboard.viewmodels.step_groups import Entry, entries_of
from dashboard.viewmodels.steps import StepView

PAGE_SIZE = 20
SIDE_BY_SIDE = 12
OPEN_AT_MOST = 6
COLUMN_WIDTH = 240  # pixels at least; what does not fit stands below


@dataclass(frozen=True)
class _Steps:
    """All steps by path, the newest of them, and whether the run can be forked."""

    by_path: Mapping[str, StepView]
    newest: StepView
    can_fork: bool


def show(steps: Sequence[StepView], *, can_fork: bool) -> str | None:
    """Draw the steps, the newest page first chosen; return the path to run again from, if any."""
    if not steps:
        st.info("No step has started yet.", icon=":material/schedule:")
        return None
    every = _Steps({step.path: step for step in steps}, steps[-1], can_fork)
    return _in_order(entries_of(steps), every, "steps")


def _in_order(entries: Sequence[Entry], every: _Steps, key: str) -> str | None:
    """Draw steps one below the other."""
    shown = _page_of(entries, PAGE_SIZE, f"{key}-page", newest_first=True)
    wanted = [_one(entry, every, is_open=len(shown) <= OPEN_AT_MOST) for entry in shown]
    return next((path for path in wanted if path), None)


def _one(entry: Entry, every: _Steps, *, is_open: bool) -> str | None:
    """Draw a step and what is inside it."""
    step = entry.step
    expanded = is_open or step is every.newest
    wanted = [
        step.path
        if step_card.show(step, every.by_path, expanded=expanded, can_fork=every.can_fork)
        else None
    ]
    if step.type == "parallel":
        with st.container(key=f"beside-{step.path}"):
            wanted += _side_by_side(entry, every)
    elif step.type == "loop":
        with st.container(border=True, key=f"turns-{step.path}"):
            wanted.append(_turn(entry, every))
    elif entry.inside:
        wanted.append(_in_order(entry.inside, every, f"inside-{step.path}"))
    return next((path for path in wanted if path), None)


def _side_by_side(entry: Entry, every: _Steps) -> list[str | None]:
    shown = _page_of(
        entry.inside, SIDE_BY_SIDE, f"beside-page-{entry.step.path}", newest_first=False
    )
    is_open = len(shown) <= OPEN_AT_MOST
    wanted = []
    with st.grid(min_column_width=COLUMN_WIDTH):
        for each in shown:
            with st.container(key=f"column-{each.step.path}"):
                wanted.append(_one(each, every, is_open=is_open))
    return wanted


def _turn(entry: Entry, every: _Steps) -> str | None:
    """Draw one of a loop's turns, the newest until another is chosen."""
    turns = sorted(entry.turns)
    if not turns:
        st.caption("Its first turn has not begun.")
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(":material/repeat: Turn", width="content")
        number = _number(len(turns), f"turn-{entry.step.path}", newest_first=True)
    turn = turns[number - 1]
    return _in_order(entry.turns[turn], every, f"turn-{entry.step.path}#{turn}")


def _page_of(
    entries: Sequence[Entry], size: int, key: str, *, newest_first: bool
) -> Sequence[Entry]:
    place = st.container()  # takes no room while there is one page
    if len(entries) <= size:
        return entries
    with place:
        page = _number(-(-len(entries) // size), key, newest_first=newest_first)
    return entries[(page - 1) * size : page * size]


def _number(pages: int, key: str, *, newest_first: bool) -> int:
    """Draw the choice of a page; the newest stays chosen, when more come, until another is."""
    chosen: int | None = st.session_state.get(f"{key}-chosen", None if newest_first else 1)
    st.session_state[key] = min(chosen or pages, pages)
    page = st.pagination(pages, key=key, width="stretch", on_change=_choose, args=(key, pages))
    return int(page)


def _choose(key: str, pages: int) -> None:
    page = st.session_state[key]
    st.session_state[f"{key}-chosen"] = None if page == pages else page
