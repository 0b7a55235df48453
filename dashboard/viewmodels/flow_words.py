"""What is written in the boxes of a drawing."""

import re
from typing import Any

from dashboard.viewmodels.definitions import prompt_template
from dashboard.viewmodels.flow_parts import Step, branch
from dashboard.viewmodels.words import count, cut

LABEL_LENGTH = 44
DETAIL_LENGTH = 60

_REFERENCE = re.compile(r"\{\{\s*([^}]*?)\s*\}\}")
_TURNS = 10  # of a loop that does not say how many


def label_of(step: Step) -> str:
    """Return a step's name, or what kind it is of."""
    return cut(str(step.get("name") or step.get("type")), LABEL_LENGTH)


def detail_of(step: Step) -> str:
    """Return what a step does, in a few words."""
    return cut(_detail(step), DETAIL_LENGTH)


def _detail(step: Step) -> str:
    kind = step.get("type")
    if kind == "conditional":
        return _without_paths(str(step.get("condition", "")))
    if kind == "parallel":
        return f"{count(len(branch(step.get('steps'))), 'step')} side by side"
    if kind == "loop":
        return f"up to {count(step.get('max_iterations', _TURNS), 'turn')}"
    if kind == "approval":
        return "asks you"
    if kind == "task":
        return _asked(prompt_template(step) or "")
    return str(kind)


def _asked(prompt: str) -> str:
    """Return the first words of a question that are not another step's text."""
    lines = [line for line in prompt.splitlines() if _REFERENCE.sub("", line).strip(" :.")]
    return _REFERENCE.sub(
        lambda found: f"‹{found[1].rpartition('.')[2]}›", lines[0] if lines else ""
    )


def _without_paths(condition: str) -> str:
    """Return a condition in which only the last words of paths are left."""
    return re.sub(r"\b(?:step|input)\.(?:[\w-]+\.)?(\w+)", r"\1", condition)


def turns_of(step: Step) -> Any:
    """Return how many turns a loop takes at most."""
    return step.get("max_iterations", _TURNS)
