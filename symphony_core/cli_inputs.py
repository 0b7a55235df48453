"""What the command line is given as NAME=VALUE, and how a workflow takes it."""

from pathlib import Path
from typing import Any

from symphony_core.errors import DefinitionError
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)
from symphony_core.orchestration.workflow_inputs import MAX_FILE_TEXT

_BYTES = 4 * MAX_FILE_TEXT + 3  # as many as its characters may take, and a mark before them


def pairs(texts: list[str], flag: str) -> dict[str, Any]:
    """Return what was given as NAME=VALUE.

    Raises:
        DefinitionError: one has no `=`.
    """
    split = [text.partition("=") for text in texts]
    wrong = next((text for text, (_, sign, _) in zip(texts, split, strict=True) if not sign), None)
    if wrong is not None:
        raise DefinitionError(f"{flag} wants NAME=VALUE, not {wrong!r}.")
    return {name: value for name, _, value in split}


def typed(workflow: WorkflowDefinition, given: dict[str, str]) -> dict[str, Any]:
    """Return inputs as the workflow declares them; for a file, the text of the one at that path.

    Raises:
        DefinitionError: one cannot be taken for what it is to be.
    """
    declared = {one.name: one for one in workflow.inputs}
    return {
        name: _value(declared[name], text) if name in declared and text.strip() else text
        for name, text in given.items()
    }


def _value(declared: WorkflowInput, text: str) -> Any:
    return _text_of(declared.name, text) if declared.type == InputType.FILE else declared.read(text)


def _text_of(name: str, path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = "is no text in UTF-8"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        problem = f"cannot be read: {reason or 'it has no usable name'}"
    raise DefinitionError(f"The input {name!r} is a file, and {path!r} {problem}.")
