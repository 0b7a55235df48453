"""A finished run played again, all of it in the browser: once it is there nothing more is asked."""

from typing import Any

import streamlit as st

from dashboard.assets import loader
from dashboard.theme import STATUS
from dashboard.viewmodels.replay import Replay
from dashboard.viewmodels.runs import RunView

REPLAY_PAGE = "../pages/replay.py"

_component = st.components.v2.component("replay", js=loader("flow.js", export="replay"))


def show(replay: Replay, *, key: str) -> None:
    """Draw the player; the same key keeps the same one."""
    _component(key=key, data=data_of(replay))


def offer(run: RunView) -> None:
    """Draw the button that opens the replay of a run that is over."""
    if run.steps and st.button(
        "Replay",
        icon=":material/slow_motion_video:",
        help="Play it again as it went, with every text in its own rhythm.",
        key=f"replay-{run.row.id}",
    ):
        st.switch_page(REPLAY_PAGE, query_params={"run": run.row.id})


def data_of(replay: Replay) -> dict[str, Any]:
    """Return what the bundle's player plays, on the dashboard's pages and on any other."""
    looks = {status: {"word": it.word, "colour": it.colour} for status, it in STATUS.items()}
    return {**replay.data, "looks": looks}
