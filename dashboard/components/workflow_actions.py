"""What can be done with a workflow, in the list and on its own page."""

import streamlit as st

from dashboard import workflow_services
from dashboard.components import problem, workflow_deletion, workflow_export
from dashboard.components.text import literal
from dashboard.viewmodels.workflows import WorkflowRow

EDIT = ":material/construction: Open in the builder"
SAVE = ":material/save: Save"
RUN = ":material/play_arrow: Run"
DUPLICATE = ":material/content_copy: Duplicate"
EXPORT = ":material/download: Export"
TEMPLATE = ":material/dashboard_customize: Save as template"
NO_TEMPLATE = ":material/dashboard_customize: Take out of the templates"
ARCHIVE = ":material/archive: Archive"
BACK = ":material/unarchive: Take back"
DISCARD = ":material/undo: Discard the changes"
DELETE = ":material/delete: Delete"

_ARCHIVED = "workflow-archived"


def menu(row: WorkflowRow, key: str) -> None:
    """Draw the menu, and do what is chosen."""
    chosen = st.menu_button("Actions", _possible(row), key=key, type="tertiary")
    if chosen:
        with problem.explained():
            _do(chosen, row)


def open_page(workflow_id: str) -> None:
    """Go to a workflow's own page."""
    st.switch_page("../pages/workflow.py", query_params={"workflow": workflow_id})


def save(row: WorkflowRow) -> None:
    """Save the draft as the next version."""
    number = workflow_services.save_version(row.id, row.draft_version)
    st.toast(f"Saved {literal(row.name)} as version {number}", icon=":material/save:")


def undo() -> None:
    """Offer to take back what was archived last, once."""
    row: WorkflowRow | None = st.session_state.get(_ARCHIVED)
    if row is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f":material/archive: Archived **{literal(row.name)}**.", width="stretch")
        st.button("Undo", icon=":material/undo:", on_click=_take_back, args=(row,))
        st.button("Close", type="tertiary", on_click=st.session_state.pop, args=(_ARCHIVED,))


def _possible(row: WorkflowRow) -> list[str]:
    if row.archived_at:
        return [BACK, DUPLICATE, EXPORT, *([DELETE] if row.can_be_deleted else [])]
    return [
        EDIT,
        *([RUN] if row.is_saved else []),
        *([SAVE] if row.is_changed else []),
        *([DISCARD] if row.is_changed and row.is_saved else []),
        DUPLICATE,
        EXPORT,
        *([NO_TEMPLATE if row.is_template else TEMPLATE, ARCHIVE] if row.is_saved else []),
        *([DELETE] if row.can_be_deleted else []),
    ]


def _do(chosen: str, row: WorkflowRow) -> None:
    if chosen == EDIT:
        st.switch_page("../pages/builder.py", query_params={"workflow": row.id})
    elif chosen == RUN:
        open_page(row.id)
    elif chosen == DUPLICATE:
        open_page(workflow_services.duplicate_workflow(row.id))
    elif chosen == EXPORT:
        workflow_export.ask(row.id)
    elif chosen == DELETE:
        workflow_deletion.ask(row)
    else:
        _change(chosen, row)
        st.rerun()


def _change(chosen: str, row: WorkflowRow) -> None:
    name = literal(row.name)
    if chosen == SAVE:
        save(row)
    elif chosen == DISCARD:
        workflow_services.discard_draft(row.id)
        st.toast(f"{name} is as it was saved last", icon=":material/undo:")
    elif chosen in (TEMPLATE, NO_TEMPLATE):
        workflow_services.set_template(row.id, is_one=chosen == TEMPLATE)
        told = "stands among the templates" if chosen == TEMPLATE else "is no template any more"
        st.toast(f"{name} {told}", icon=":material/dashboard_customize:")
    elif chosen == ARCHIVE:
        workflow_services.archive_workflow(row.id)
        st.session_state[_ARCHIVED] = row
    elif chosen == BACK:
        workflow_services.unarchive_workflow(row.id)
        st.toast(f"{name} is among the workflows again", icon=":material/unarchive:")


def _take_back(row: WorkflowRow) -> None:
    with problem.explained():
        workflow_services.unarchive_workflow(row.id)
    st.session_state.pop(_ARCHIVED, None)
