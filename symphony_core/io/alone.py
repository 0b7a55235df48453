"""A step cut out of its workflow: what it refers to outside of itself becomes its inputs."""

import re
from collections.abc import Mapping
from typing import Any

from symphony_core.io.editable import Document, Step, every_step
from symphony_core.io.problems import conditions_of, templates_of
from symphony_core.orchestration import expressions, references

_NO_NAME = re.compile(r"\W+", re.ASCII)
MAX_NAME = 64


def needs_of(step: Step) -> dict[str, str]:
    """Return what a step refers to outside of itself: the names of inputs by paths.

    An input of the workflow keeps its name.
    """
    inside = [f"step.{inner['id']}" for inner in every_step([step])] + ["step.result"]
    outside = [
        path
        for path in dict.fromkeys(_paths(step))
        if not any(path == own or path.startswith(f"{own}.") for own in inside)
    ]
    needs = {path: path for path in outside if not path.startswith("step.")}
    for path in outside:
        if path not in needs:
            needs[path] = _free(_name(path), set(needs.values()))
    return needs


def alone(document: Document, step: Step) -> dict[str, Any]:
    """Return a workflow of one step, whose inputs are what it needs."""
    needs = needs_of(step)
    declared = {one.get("name"): one for one in document.get("inputs") or ()}
    inputs = [
        {**declared.get(path, {"type": "long_text"}), "name": name, "required": False}
        for path, name in needs.items()
    ]
    return {
        "name": f"{step.get('name')} alone"[:200],
        "description": f"A step of {document.get('name')!r}, tried by itself."[:1000],
        "inputs": inputs,
        "steps": [_with_names(step, needs)],
    }


def _paths(step: Step) -> list[str]:
    paths: list[str] = []
    for inner in every_step([step]):
        for _, text in templates_of(inner):
            paths += references.find(text)
        for _, condition in conditions_of(inner):
            paths += expressions.paths(condition)
    return paths


def _with_names(step: Step, needs: Mapping[str, str]) -> dict[str, Any]:
    of_steps = sorted((path for path in needs if path.startswith("step.")), key=len, reverse=True)
    if not of_steps:
        return dict(step)
    path = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, of_steps))})(?![\w-])")

    def follow(value: Any) -> Any:
        if isinstance(value, str):
            return path.sub(lambda found: needs[found.group()], value)
        if isinstance(value, Mapping):
            return {key: follow(inner) for key, inner in value.items()}
        return [follow(inner) for inner in value] if isinstance(value, list | tuple) else value

    return dict(follow(step))


def _name(path: str) -> str:
    name = _NO_NAME.sub("_", path.removeprefix("step."))[:MAX_NAME]
    return name if not name[:1].isdigit() else f"_{name}"[:MAX_NAME]


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken or free == "step":
        number += 1
        free = f"{name[: MAX_NAME - 4]}_{number}"
    return free
