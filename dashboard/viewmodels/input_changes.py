"""What can be done to the inputs that a workflow declares; each returns a new document."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from symphony_core.io.editable import Document
from symphony_core.orchestration.workflow_definition import InputType

TYPES = {
    InputType.TEXT: "A line of text",
    InputType.LONG_TEXT: "A longer text",
    InputType.NUMBER: "A number",
    InputType.CHOICE: "One of several",
    InputType.BOOLEAN: "Yes or no",
    InputType.FILE: "A text file",
}
NEW = "input"
_QUOTED = re.compile(r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")""")

Input = Mapping[str, Any]


def inputs_of(document: Document) -> Sequence[Input]:
    """Return the inputs."""
    return document.get("inputs") or ()


def added(document: Document) -> Document:
    """Return the document with one input more, under a free name."""
    taken = {declared.get("name") for declared in inputs_of(document)}
    names = [NEW, *(f"{NEW}_{number}" for number in range(2, len(taken) + 3))]
    name = next(name for name in names if name not in taken)
    new = {"name": name, "label": "", "type": "text", "default": None, "required": True}
    return {**document, "inputs": [*inputs_of(document), new]}


def removed(document: Document, index: int) -> Document:
    """Return the document without an input."""
    inputs = [each for at, each in enumerate(inputs_of(document)) if at != index]
    return {**document, "inputs": inputs}


def moved(document: Document, index: int, by: int) -> Document:
    """Return the document with an input further up or down."""
    inputs = list(inputs_of(document))
    inputs.insert(index + by, inputs.pop(index))
    return {**document, "inputs": inputs}


def changed(document: Document, index: int, fields: Mapping[str, Any]) -> Document:
    """Return the document with an input's fields changed; a default goes with its type."""
    old = inputs_of(document)[index]
    new = {**old, **fields}
    if "type" in fields:
        new["default"] = _as(new["type"], new.get("default"))
        if new["type"] != InputType.CHOICE:
            new.pop("choices", None)
    if new.get("default") not in (None, *new.get("choices", (new.get("default"),))):
        new["default"] = None
    inputs = [new if at == index else each for at, each in enumerate(inputs_of(document))]
    document = {**document, "inputs": inputs}
    names = [each.get("name") for each in inputs_of(document)]
    is_renamed = new.get("name") != old.get("name") and old.get("name") not in names
    return _followed(document, str(old["name"]), str(new["name"])) if is_renamed else document


def _as(kind: str, value: Any) -> Any:
    if value is None or kind in (InputType.BOOLEAN, InputType.FILE) or isinstance(value, bool):
        return None
    if kind != InputType.NUMBER:
        return f"{value:g}" if isinstance(value, float) else str(value)
    try:
        return float(value)
    except ValueError:
        return None


def _followed(document: Document, old: str, new: str) -> Document:
    """Return the document with prompts and conditions that refer to an input by its new name."""
    if not old or not new:
        return document
    in_text = re.compile(r"\{\{(\s*)" + re.escape(old) + r"(\s*)\}\}")
    in_condition = re.compile(rf"(?<![\w.]){re.escape(old)}(?![\w(])")

    def follow(value: Any, field: str = "") -> Any:
        if isinstance(value, str):
            if field in ("condition", "exit_condition"):
                parts = _QUOTED.split(value)
                outside = [in_condition.sub(new, part) for part in parts[::2]]
                parts[::2] = outside
                return "".join(parts)
            return in_text.sub(lambda found: f"{{{{{found[1]}{new}{found[2]}}}}}", value)
        if isinstance(value, Mapping):
            return {name: follow(inner, name) for name, inner in value.items()}
        return [follow(inner) for inner in value] if isinstance(value, list | tuple) else value

    return {**document, "steps": follow(document.get("steps") or [])}
