"""The form of a step that runs another workflow: which one, and what it is given."""

import streamlit as st

from dashboard import builder_services
from dashboard.components.builder_sheet import TEXT, Sheet
from dashboard.components.builder_values import picker
from dashboard.components.text import literal
from symphony_core.io.editable import Step
from symphony_core.orchestration.workflow_definition import WorkflowInput


def show(sheet: Sheet) -> None:
    """Draw the form."""
    given = str(sheet.step.get("workflow_id") or "")
    _workflow(sheet, given)
    for declared in builder_services.inputs_of_other(given) if given else ():
        _input(sheet, declared)
    sheet.tell("inputs")
    sheet.more()


def _workflow(sheet: Sheet, given: str) -> None:
    names = builder_services.other_workflows(sheet.built.workflow_id)
    options = [*names, *([given] if given and given not in names else [])]
    key = sheet.key("workflow_id")
    st.selectbox(
        "Workflow",
        options,
        options.index(given) if given else None,
        lambda id: names.get(id, f"{id} (not there)"),
        key,
        on_change=lambda: sheet.put("Workflow", {"workflow_id": st.session_state[key] or ""}),
        placeholder="Choose one" if options else "Save another workflow first",
        disabled=not options,
    )
    sheet.tell("workflow_id")


def _input(sheet: Sheet, declared: WorkflowInput) -> None:
    """Draw the field for the text that becomes an input of the other workflow."""
    name, key = declared.name, sheet.key(f"input-{declared.name}")
    label = declared.label or name
    text = _given(sheet.step, name)

    def put(typed: str) -> None:
        inputs = {**(sheet.now.get("inputs") or {}), name: typed}
        kept = {each: value for each, value in inputs.items() if value.strip()}
        sheet.put(label, {"inputs": kept}, f"input-{name}")

    is_open = declared.default is not None or not declared.required
    st.text_area(
        literal(label),
        text,
        80,
        TEXT,
        key,
        on_change=lambda: put(st.session_state[key] or ""),
        placeholder="Its own default" if is_open else "It needs a value",
    )
    picker(sheet, f"input-{name}", lambda step: _given(step, name), put)


def _given(step: Step, name: str) -> str:
    return str((step.get("inputs") or {}).get(name) or "")
