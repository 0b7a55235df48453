"""The fields of each step type, one table a type; a new one is a table here."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from symphony_core.agent_config import check_choices
from symphony_core.io.fields import (
    Check,
    Field,
    anything,
    boolean,
    check,
    condition,
    identifier,
    list_of,
    mapping,
    name,
    nullable,
    number,
    object_of,
    one_of,
    prompt,
    record,
    template,
    templates,
    text,
    whole,
)
from symphony_core.io.place import Place
from symphony_core.io.plain import kind
from symphony_core.orchestration.step import MAX_STEPS, known_types
from symphony_core.orchestration.step_data import LANES
from symphony_core.orchestration.steps.loop import MAX_ITERATIONS
from symphony_core.paths import suggestion

MAX_SECONDS = 31_622_400  # a year
MAX_ITEMS = 100  # of a list of words


@check(**{"$ref": "#/$defs/step"})
def step(value: Any, place: Place) -> dict[str, Any]:
    """Check a step of any type; a type of somebody's own has fields of its own."""
    if not isinstance(value, dict):
        place.refuse(f"must be a step, not {kind(value)}")
    place = place.in_step(value.get("name"))
    if "type" not in value:
        place.refuse("lacks the field 'type'")
    fields = FIELDS.get(_known_type(value["type"], place.at("type")))
    others = None if fields else anything
    checked = record(value, place, {**EVERY_STEP, **(fields or {})}, others)
    _note_id(checked["id"], place)
    return checked


def steps_inside(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the data of the steps inside a checked step, but not of those in one's own types."""
    names = [name for name in CHILDREN if name in FIELDS.get(data["type"], {})]
    return [child for name in names for child in data.get(name) or ()]


def every_step(steps: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the data of checked steps and of all steps inside them, parents first."""
    for data in steps:
        yield data
        yield from every_step(steps_inside(data))


@check(
    **{"if": {"type": "array"}, "else": step.schema},
    then={"items": step.schema, "minItems": 2, "maxItems": MAX_STEPS},
)
def branch(value: Any, place: Place) -> list[Any]:
    """Check a branch: one step as itself, several as a list. It is kept as a list."""
    if not isinstance(value, list):
        return [step(value, place)]
    if len(value) == 1:
        place.refuse("must be a step, not a list of only one")
    steps: list[Any] = _steps(value, place)
    return steps


@check(type="array", items=text.schema, minItems=2, maxItems=MAX_ITEMS, uniqueItems=True)
def choices(value: Any, place: Place) -> list[str]:
    """Check answer choices."""
    texts: list[str] = list_of(text, 2, MAX_ITEMS, "answer choices")(value, place)
    try:
        check_choices(texts)
    except ValueError as error:
        place.refuse(f"is not usable: {error}")
    return texts


def _known_type(value: Any, place: Place) -> str:
    types = {*FIELDS, *known_types()}
    if not isinstance(value, str) or value not in types:
        more = suggestion(value, types) if isinstance(value, str) and len(value) < 60 else ""
        place.refuse(f"must be a step's type, not {kind(value)}", more)
    return value


def _note_id(step_id: str, place: Place) -> None:
    first = place.tally.ids.setdefault(step_id, str(place))
    if first != str(place):
        place.at("id").refuse(f"is a duplicate: {step_id!r} is the id of {first} already")


@check(**name.schema)
def _label(value: Any, place: Place) -> str:
    return str(template(name(value, place), place))


@check(**mapping.schema)
def _metadata(value: Any, place: Place) -> Any:
    return templates(mapping(value, place), place)


_steps: Check = list_of(step, 1, MAX_STEPS, "steps")

BRANCHES = ("if_branch", "else_branch")
CHILDREN = LANES
EVERY_STEP = {
    "type": Field(anything, required=True),
    "id": Field(identifier, required=True),
    "name": Field(name, required=True),
    "description": Field(text),
}
_TASK_TEMPLATE = {  # every text in it may refer to the context
    "name": Field(_label),
    "description": Field(template),
    "input_data": Field(object_of({"query": Field(prompt, required=True)}, templates), True),
    "tags": Field(list_of(_label, 0, MAX_ITEMS, "words")),
    "metadata": Field(_metadata),
}
_RETRY = {
    "max_retries": Field(whole(0, 10), required=True),
    "delay_s": Field(number(0, 600)),
}
_SECONDS = nullable(number(0, MAX_SECONDS, above=True))

FIELDS: dict[str, dict[str, Field]] = {
    "task": {
        "task_template": Field(object_of(_TASK_TEMPLATE), required=True),
        "agent_id": Field(nullable(identifier)),
        "answer_choices": Field(nullable(choices)),
        "retry": Field(nullable(object_of(_RETRY))),
        "timeout_s": Field(_SECONDS),
        "retry_after_crash": Field(boolean),
    },
    "conditional": {
        "condition": Field(condition, required=True),
        "if_branch": Field(branch, required=True),
        "else_branch": Field(nullable(branch)),
    },
    "parallel": {
        "steps": Field(_steps, required=True),
        "max_concurrency": Field(whole(1, MAX_STEPS)),
    },
    "loop": {
        "steps": Field(_steps, required=True),
        "max_iterations": Field(whole(1, MAX_ITERATIONS), required=True),
        "exit_condition": Field(condition),
        "start": Field(nullable(template)),
    },
    "workflow": {
        "workflow_id": Field(identifier, required=True),
        "inputs": Field(object_of({}, template)),
    },
    "approval": {
        "message": Field(prompt, required=True),
        "text": Field(nullable(template)),
        "on_reject": Field(one_of("fail", "continue")),
        "timeout_s": Field(_SECONDS),
    },
}
"""Each built-in type's fields beside those that every step has."""
