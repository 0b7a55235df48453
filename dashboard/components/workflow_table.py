"""Workflows as a list: a line each, which leads to the workflow's page."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard.components import workflow_actions
from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.words import ago, count, cut
from dashboard.viewmodels.workflows import WorkflowRow

NAME_LENGTH = 60
FACTS_WIDTH = 250
INDENT = "&ensp;"  # as wide as the margin of a link


def show(rows: Sequence[WorkflowRow], now: datetime) -> None:
    """Draw the workflows."""
    with st.container(gap="xsmall", key="workflows"):
        for row in rows:
            _line(row, now)


def marks(row: WorkflowRow) -> str:
    """Return what there is to say of a workflow as a whole: draft, template, archived."""
    found = []
    if not row.is_saved:
        found.append(":orange-badge[:material/edit_note: Draft, never saved]")
    elif row.is_changed:
        found.append(":orange-badge[:material/edit_note: Draft, not saved]")
    if row.is_template:
        found.append(":blue-badge[:material/dashboard_customize: Template]")
    if row.archived_at:
        found.append(":gray-badge[:material/archive: Archived]")
    return " ".join(found)


def _line(row: WorkflowRow, now: datetime) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None, width="stretch"):
            st.page_link(
                "../pages/workflow.py",
                label=f"**{literal(cut(row.name, NAME_LENGTH))}**",
                query_params={"workflow": row.id},
                icon="",
            )
            if row.description:
                st.caption(f"{INDENT}{literal(cut(row.description, 120))}", wrap=False)
            if told := marks(row):
                st.markdown(f"{INDENT}{told}")
            if row.tags:
                tags = ", ".join(map(literal, row.tags))
                st.caption(f"{INDENT}:material/label: {tags}", wrap=False)
        with st.container(gap=None, width=FACTS_WIDTH):
            _last_run(row, now)
            st.caption(_facts(row, now))
        workflow_actions.menu(row, f"actions-{row.id}")


def _last_run(row: WorkflowRow, now: datetime) -> None:
    last = row.record.last
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap=None):
        st.markdown(badge(last.status), width="content")
        st.page_link(
            "../pages/run.py",
            label=f"Last run {ago(last.created_at, now)}",
            query_params={"run": last.id},
            icon="",
        )


def _facts(row: WorkflowRow, now: datetime) -> str:
    version = f"version {row.number}" if row.is_saved else "no version"
    told = f":material/edit: {ago(row.changed_at, now)} · {count(row.steps, 'step')} · {version}"
    return f"{told}  \n{row.record.in_words}"
