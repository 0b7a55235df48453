"""A workflow to take along: as JSON, as YAML, or as a program."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from dashboard import workflow_services
from dashboard.components import problem
from dashboard.components.text import literal

NAME_LENGTH = 60


@dataclass(frozen=True)
class _Form:
    label: str
    ending: str
    mime: str
    use: str


FORMS = {
    "yaml": _Form("YAML", "yaml", "application/yaml", "For people to read, mail and keep."),
    "json": _Form("JSON", "json", "application/json", "For other programs."),
    "python": _Form("Python", "py", "text/x-python", "A program that builds and runs the same."),
}


def show(workflow_id: str, name: str, document: dict[str, Any]) -> None:
    """Draw a button for each form, or say why there is none."""
    with problem.explained():
        workflow_services.export_text(document, "json")  # what is not valid has no file
        for format, form in FORMS.items():
            st.download_button(
                form.label,
                data=partial(workflow_services.export_text, document, format),
                file_name=f"{slug(name)}.{form.ending}",
                mime=form.mime,
                help=form.use,
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
                key=f"export-{format}-{workflow_id}",
            )


@st.dialog("Export")
def ask(workflow_id: str) -> None:
    """Show the buttons for a workflow as it stands, draft included."""
    draft = workflow_services.open_draft(workflow_id)
    if draft is None:
        st.warning("This workflow is gone.", icon=":material/search_off:")
        return
    st.markdown(f"**{literal(draft.name)}** as it stands" + _unsaved(draft.is_changed))
    show(workflow_id, draft.name, draft.document)


def _unsaved(is_changed: bool) -> str:
    return ", with what was not saved yet." if is_changed else "."


def slug(name: str) -> str:
    """Return a name as a file's."""
    return re.sub(r"[\W_]+", "-", name[:NAME_LENGTH].lower()).strip("-") or "workflow"
