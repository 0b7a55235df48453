"""The saved versions of an agent: what differs between any two, and the way back to one."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard import agent_services
from dashboard.components import agent_draft, asking, difference, problem
from dashboard.components.agent_draft import Draft
from dashboard.components.text import literal
from dashboard.viewmodels.agent_changes import FieldChange, VersionView
from dashboard.viewmodels.words import ago

SHOWN = 10


def show(agent_id: str, now: datetime) -> None:
    """Draw the versions, and the difference between two of them."""
    versions = agent_services.list_versions(agent_id)
    is_all = len(versions) <= SHOWN or st.toggle(f"Show all {len(versions)}", key="all-versions")
    for version in versions if is_all else versions[:SHOWN]:
        _line(agent_id, version, now)
    if len(versions) > 1:
        _difference(agent_id, [version.number for version in versions])
    else:
        st.caption("Every change that is saved becomes a version, to be compared and restored.")


def _line(agent_id: str, version: VersionView, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        newest = " :green-badge[:material/check_circle: in use]" if version.is_newest else ""
        told = [f"Changed: {', '.join(version.changed)}"] if version.changed else []
        told.append(ago(version.saved_at, now))
        st.markdown(
            f"**Version {version.number}**{newest}  \n:small[{literal(' · '.join(told))}]",
            width="stretch",
        )
        if not version.is_newest and st.button(
            "Restore", icon=":material/history:", key=f"restore-{agent_id}-{version.number}"
        ):
            draft = agent_draft.open_draft(agent_id)
            if draft is not None and draft.is_changed:
                _ask(draft, version.number)
            else:
                _restore(agent_id, version.number)


@st.dialog("Replace the changes that were not saved?")
def _ask(draft: Draft, number: int) -> None:
    st.markdown(
        f"What you typed about **{literal(draft.read.name)}** is in no version. Version {number} "
        "would take its place."
    )
    if asking.is_sure("Keep it", "Replace it", icon=":material/history:"):
        _restore(str(draft.agent_id), number)


def _restore(agent_id: str, number: int) -> None:
    with problem.explained():
        agent = agent_services.restore_version(agent_id, number)
        agent_draft.discard(agent_id)
        st.toast(
            f"Version {number} is in use again, as version {agent.number}",
            icon=":material/history:",
        )
        st.rerun()


def _difference(agent_id: str, numbers: Sequence[int]) -> None:
    st.subheader("What differs", anchor=False)
    with st.container(horizontal=True):
        before, after = (
            st.selectbox(
                label,
                numbers,
                index=place,
                format_func=lambda number: f"Version {number}",
                key=f"{label}-{agent_id}-{len(numbers)}",
                width=180,
            )
            for label, place in (("From", 1), ("To", 0))
        )
    with problem.explained():
        found = agent_services.differences(agent_id, before, after)
        if not found:
            st.caption("They are the same.")
        for change in found:
            _change(change, key=f"{agent_id}-{before}-{after}-{change.label}")


def _change(change: FieldChange, key: str) -> None:
    label = literal(change.label)
    if change.is_short:
        before, after = (literal(text) or "*nothing*" for text in (change.before, change.after))
        st.markdown(f"**{label}**  \n{before} :material/arrow_right_alt: {after}")
        return
    st.markdown(f"**{label}**")
    difference.show(change.before, change.after, key=f"changed-{key}")
