"""The saved versions of a workflow: what differs between them, and the way back to one."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard import workflow_services
from dashboard.components import asking, difference, problem, workflow_actions
from dashboard.components.text import literal
from dashboard.viewmodels.words import ago, count, cut
from dashboard.viewmodels.workflows import DraftView, VersionView

DRAFT = 0  # stands for the draft among the versions' numbers
SHOWN = 10


def show(draft: DraftView, now: datetime) -> None:
    """Draw the versions, and the difference between two of them."""
    versions = workflow_services.list_versions(draft.id)
    if not versions:
        st.caption("It was never saved. The first save is version 1.")
        return
    is_all = len(versions) <= SHOWN or st.toggle(f"Show all {len(versions)}", key="all-versions")
    for version in versions if is_all else versions[:SHOWN]:
        _line(draft, version, now)
    if len(versions) > 1 or draft.is_changed:
        _difference(draft, versions)


def _line(draft: DraftView, version: VersionView, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        newest = ", the one that runs" if version.is_newest else ""
        st.markdown(
            f"**Version {version.number}**{newest}  \n"
            f"{literal(cut(version.name, 60))} · {count(version.steps, 'step')} · "
            f"{ago(version.saved_at, now)}",
            width="stretch",
        )
        if version.is_newest and not draft.is_changed:
            return
        if st.button(
            "Restore", icon=":material/history:", key=f"restore-{draft.id}-{version.number}"
        ):
            if draft.is_changed:
                _ask(draft, version)
            else:
                _restore(draft, version)


@st.dialog("Replace the changes that were not saved?")
def _ask(draft: DraftView, version: VersionView) -> None:
    st.markdown(
        f"**{literal(draft.name)}** has changes that no version holds. Version {version.number} "
        "would take their place."
    )
    if asking.is_sure("Keep them", "Replace them", icon=":material/history:"):
        _restore(draft, version)


def _restore(draft: DraftView, version: VersionView) -> None:
    with problem.explained():
        workflow_services.restore_version(draft.id, version.number)
        st.toast(
            f"Version {version.number} is the draft now: save it to run it",
            icon=":material/history:",
        )
        workflow_actions.open_page(draft.id)


def _difference(draft: DraftView, versions: Sequence[VersionView]) -> None:
    numbers = [*([DRAFT] if draft.is_changed else []), *(version.number for version in versions)]
    st.markdown("**What differs**")
    with st.container(horizontal=True):
        before, after = (
            st.selectbox(
                label, numbers, index=place, format_func=_named, key=f"{label}-{draft.id}-{numbers}"
            )
            for label, place in (("From", 1), ("To", 0))
        )
    with problem.explained():
        texts = [_text(draft, number) for number in (before, after)]
        difference.show(*texts, key=f"versions-{draft.id}-{before}-{after}")


def _named(number: int) -> str:
    return f"Version {number}" if number else "The draft"


def _text(draft: DraftView, number: int) -> str:
    document = workflow_services.version_document(draft.id, number) if number else draft.document
    return workflow_services.readable(document)
