"""Which earlier text a step's answer is a new version of, where a run's definition makes it sure."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from dashboard.viewmodels.definitions import Scopes, Step, prompt_template, steps_by_id
from dashboard.viewmodels.paths import node_of, turns_of
from symphony_core.errors import TemplateError
from symphony_core.references import find
from symphony_core.step_run import StepRun

_RESULT = re.compile(r"step\.([^.]+)\.result")


def versions_before(
    definition: Mapping[str, Any] | None, records: Sequence[StepRun]
) -> dict[str, str]:
    """Return, by the path of each step that wrote a new version of a text, the one before it.

    In a loop that is the same step's of the turn before. Elsewhere it is sure where a step is
    given one earlier text of its own agent together with what another step said about that text.
    """
    tasks = [record for record in records if record.type == "task"]
    scopes = Scopes(definition)
    paths = {record.path for record in records}
    revised: dict[str, str] = {}
    for scope, some in groupby(sorted(tasks, key=_scope(scopes)), _scope(scopes)):
        revised |= _revisions(list(some), scopes.workflow(scope), paths)
    return revised | _turns_before(tasks)


def _scope(scopes: Scopes) -> Callable[[StepRun], str]:
    return lambda record: scopes.scope(record.path)


def _revisions(
    tasks: Sequence[StepRun], workflow: Mapping[str, Any], paths: set[str]
) -> dict[str, str]:
    """Return the versions before of what the tasks of one workflow have written."""
    given = _texts_given(workflow, {record.step_id for record in tasks})
    steps = steps_by_id(workflow)
    found = {}
    for record in tasks:
        revised = _revised(record.step_id, given, steps)
        path = _seen_from(record.path, revised, paths) if revised else None
        if path:
            found[record.path] = path
    return found


def _turns_before(tasks: Sequence[StepRun]) -> dict[str, str]:
    turns: dict[str, list[str]] = defaultdict(list)
    for task in tasks:
        if turns_of(task.path):
            turns[node_of(task.path)].append(task.path)
    return {
        path: before
        for paths in turns.values()
        for before, path in pairwise(sorted(paths, key=turns_of))
    }


def _texts_given(
    definition: Mapping[str, Any] | None, step_ids: set[str]
) -> dict[str, frozenset[str]]:
    """Return the steps whose whole texts a task's prompt holds.

    A loop's own result is the text that it starts with: in later turns there is the turn before.
    """
    steps = steps_by_id(definition)
    starts = {
        step_id: texts
        for step_id, step in steps.items()
        if step.get("type") == "loop" and len(texts := _texts_in(step.get("start"))) == 1
    }
    return {
        step_id: frozenset(
            text
            for name in _texts_in(prompt_template(steps.get(step_id)))
            for text in starts.get(name, [name])
        )
        for step_id in step_ids
    }


def _texts_in(template: object) -> list[str]:
    try:
        references = find(template) if isinstance(template, str) else []
    except TemplateError:
        return []
    return [found[1] for path in references if (found := _RESULT.fullmatch(path))]


def _revised(
    step_id: str, given: Mapping[str, frozenset[str]], steps: Mapping[str, Step]
) -> str | None:
    """Return the one text that a step was given with a critique of it; None if none is sure."""
    texts = given.get(step_id, frozenset())
    agent = steps.get(step_id, {}).get("agent_id")
    criticised = {
        text
        for critique in texts
        for text in given.get(critique, frozenset()) & texts
        if text in given and steps.get(text, {}).get("agent_id") == agent
    }
    return criticised.pop() if len(criticised) == 1 else None


def _seen_from(path: str, step_id: str, paths: set[str]) -> str | None:
    """Return the path of a step that stands before another, or before one that it lies in."""
    while path:
        path = path.rpartition("/")[0]
        place = f"{path}/{step_id}" if path else step_id
        if place in paths:
            return place
    return None
