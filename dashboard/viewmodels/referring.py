"""What a step can refer to, by the names that people know it by."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symphony_core.io.editable import Document, Step, every_step
from symphony_core.io.problems import input_names, known_at

LEFT = {
    "conditional": {"result": "result", "branch_taken": "branch taken"},
    "loop": {"result": "result"},
    "approval": {"result": "text", "decision": "decision", "note": "note"},
}
"""What steps leave beside their result, by their types, in words."""
RESULT = {"result": "result"}
_REFERENCE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")


@dataclass(frozen=True)
class Reference:
    """A value that is there by then: its path, and what it is called."""

    path: str
    label: str

    @property
    def template(self) -> str:
        """The reference as it stands in a prompt."""
        return f"{{{{{self.path}}}}}"


def referable(document: Document, step_id: str, *, at_end: bool = False) -> list[Reference]:
    """Return what a step can refer to, the nearest steps first, then the inputs.

    `at_end` is for the condition at the end of a loop's turn, which sees what the turn has left.
    """
    known = _known(document, step_id)
    steps = [step for step in _steps(document) if f"step.{step['id']}" in known]
    if at_end:
        inside = [step for step in _steps(document) if step["id"] == step_id]
        body = [step for step in every_step(inside) if step["id"] != step_id]
        steps = [*(step for step in steps if step not in body), *body]
    found = [reference for step in reversed(steps) for reference in _left_by(step)]
    newest = [Reference("step.result", "This turn's result")] if at_end else []
    return [*newest, *found, *_inputs(document)]


def named(text: str, document: Document) -> str:
    """Return a prompt with `[Draft → result]` where it says `{{step.draft.result}}`."""
    labels = _labels(document)

    def label(found: re.Match[str]) -> str:
        return f"[{labels[found.group(1)]}]" if found.group(1) in labels else found.group()

    return _REFERENCE.sub(label, text)


def label_of(path: str, document: Document) -> str:
    """Return what people call the value at a path, or the path where it is none of the usual."""
    return _labels(document).get(path, path)


def _labels(document: Document) -> dict[str, str]:
    of_steps = [reference for step in _steps(document) for reference in _left_by(step)]
    return {reference.path: reference.label for reference in [*of_steps, *_inputs(document)]}


def _known(document: Document, step_id: str) -> frozenset[str]:
    scopes = known_at(document, input_names(document))
    return next((known for step, known in scopes if step["id"] == step_id), frozenset())


def _left_by(step: Step) -> Iterator[Reference]:
    for field, word in _words(step).items():
        yield Reference(f"step.{step['id']}.{field}", _label(step, word))


def _words(step: Step) -> Mapping[str, str]:
    return LEFT.get(str(step.get("type")), RESULT)


def _label(step: Step, word: str) -> str:
    return f"{step.get('name') or step['id']} → {word}"


def _inputs(document: Document) -> list[Reference]:
    return [
        Reference(str(declared["name"]), str(declared.get("label") or declared["name"]))
        for declared in document.get("inputs") or ()
        if declared.get("name")
    ]


def _steps(document: Document) -> Iterator[Step]:
    return every_step(document.get("steps") or ())
