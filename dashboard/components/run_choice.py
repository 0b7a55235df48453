"""Two runs of a list chosen to be compared."""

import streamlit as st

from dashboard.components.text import literal
from dashboard.viewmodels.runs import RunRow
from dashboard.viewmodels.words import count, cut

CHOSEN = "runs-chosen"
NAME_LENGTH = 30


def pick(row: RunRow) -> None:
    """Draw the field that chooses a run."""
    key = f"choose-{row.id}"
    st.session_state[key] = row.id in _chosen()
    st.checkbox(
        f"Compare {literal(row.name)}",
        key=key,
        label_visibility="collapsed",
        on_change=_change,
        args=(row, key),
    )


def show() -> None:
    """Draw the way to the comparison, open when two are chosen; else what is to be done."""
    chosen = _chosen()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(
            "Compare",
            icon=":material/compare_arrows:",
            type="primary" if len(chosen) == 2 else "secondary",
            disabled=len(chosen) != 2,
            key="compare-chosen",
        ):
            older, newer = sorted(chosen, key=lambda run_id: chosen[run_id].created_at)
            st.switch_page("../pages/compare.py", query_params={"a": older, "b": newer})
        st.caption(_said(list(chosen.values())), width="stretch")
        if chosen:
            st.button("Clear", type="tertiary", key="clear-chosen", on_click=chosen.clear)


def _said(rows: list[RunRow]) -> str:
    names = " and ".join(f"**{literal(cut(row.name, NAME_LENGTH))}**" for row in rows)
    match len(rows):
        case 0:
            return "Tick two runs to compare them."
        case 1:
            return f"Tick one more to compare it with {names}."
        case 2:
            return names
        case number:
            return f"{count(number, 'run')} are ticked. Leave two to compare them."


def _chosen() -> dict[str, RunRow]:
    """Return the runs that are chosen, on other pages of the list too."""
    chosen: dict[str, RunRow] = st.session_state.setdefault(CHOSEN, {})
    return chosen


def _change(row: RunRow, key: str) -> None:
    chosen = _chosen()
    if st.session_state[key]:
        chosen[row.id] = row
    else:
        chosen.pop(row.id, None)
