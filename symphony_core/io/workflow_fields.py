"""The fields of a workflow, and what must hold between them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from symphony_core.errors import DocumentError, SymphonyError
from symphony_core.io.fields import (
    Field,
    boolean,
    check,
    identifier,
    list_of,
    mapping,
    name,
    nullable,
    number,
    one_of,
    record,
    text,
    whole,
)
from symphony_core.io.place import Place
from symphony_core.io.plain import MAX_WHOLE, kind
from symphony_core.io.step_fields import CHILDREN, MAX_ITEMS, step
from symphony_core.io.step_fields import FIELDS as STEP_FIELDS
from symphony_core.orchestration.checking import check_conditions, check_definition, names_used
from symphony_core.orchestration.step import MAX_STEPS, known_types
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)

SCHEMA_VERSION = 1
MAX_INPUTS = 100


def check_workflow(data: Any) -> dict[str, Any]:
    """Return a workflow's fields, ready for `WorkflowDefinition`.

    Raises:
        DocumentError: one of them is wrong, or something refers to what is not there.
    """
    fields = record(data, Place("workflow"), FIELDS)
    fields.pop("schema_version", None)
    return fields


def check_references(workflow: WorkflowDefinition) -> None:
    """Check that every reference leads to an input or to a step before.

    Where a workflow declares no inputs, any name will do: whoever runs it gives the values.

    Raises:
        DocumentError: one leads nowhere.
    """
    update = {"steps": tuple(map(_checkable, workflow.steps))}
    stand_in = workflow.model_copy(update=update)
    try:
        names = () if workflow.inputs else names_used(stand_in)
        check_definition(stand_in, names)
        check_conditions(stand_in, names)
    except SymphonyError as error:
        raise DocumentError(str(error)) from None


def asked_names(workflow: WorkflowDefinition) -> list[str]:
    """Return the names of the inputs that a run of the workflow may be given."""
    declared = [declared.name for declared in workflow.inputs]
    return declared or sorted(names_used(workflow))


@check(**{"$ref": "#/$defs/input"})
def _input(value: Any, place: Place) -> dict[str, Any]:
    fields = record(value, place, INPUT)
    kept = _DEFAULTS.get(fields.get("type", InputType.TEXT), text)
    nullable(kept)(fields.get("default"), place.at("default"))
    try:
        WorkflowInput.model_validate(fields)
    except ValidationError as error:
        place.complain(f"{error.errors()[0]['ctx']['error']}.")
    return fields


@check(type="array", items=_input.schema, maxItems=MAX_INPUTS)
def _inputs(value: Any, place: Place) -> list[Any]:
    inputs: list[Any] = list_of(_input, 0, MAX_INPUTS, "inputs")(value, place)
    seen: set[str] = set()
    for number_of, declared in enumerate(inputs, 1):
        if declared["name"] in seen:
            place.at(number_of, "name").refuse(f"is a duplicate: {declared['name']!r}")
        seen.add(declared["name"])
    return inputs


@check(type="string", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")
def _input_name(value: Any, place: Place) -> str:
    try:
        WorkflowInput(name=text(value, place))
    except ValueError:
        place.refuse(
            "must be 1 to 64 letters, digits or '_', starting with no digit, and other than "
            f"'step', not {kind(value)}"
        )
    return str(value)


@check(type=["string", "number", "boolean", "null"])
def _default(value: Any, place: Place) -> Any:
    """Take anything: what it must be depends on the input's type."""
    return value


def _checkable(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step's data for the reference check.

    A step of somebody's own is code, which nothing here runs: another that says nothing has its
    id and name.
    """
    if data["type"] not in STEP_FIELDS or data["type"] not in known_types():
        return {"type": "parallel", "id": data["id"], "name": data["name"], "steps": []}
    return {
        key: list(map(_checkable, value)) if key in CHILDREN and value else value
        for key, value in data.items()
    }


_DEFAULTS = {InputType.NUMBER: number(-MAX_WHOLE, MAX_WHOLE), InputType.BOOLEAN: boolean}
INPUT = {
    "name": Field(_input_name, required=True),
    "label": Field(text),
    "type": Field(one_of(*InputType)),
    "choices": Field(list_of(name, 1, MAX_ITEMS, "choices")),
    "default": Field(_default),
    "required": Field(boolean),
}
FIELDS = {
    "schema_version": Field(whole(SCHEMA_VERSION, SCHEMA_VERSION)),
    "id": Field(identifier),
    "name": Field(name, required=True),
    "description": Field(text),
    "inputs": Field(_inputs),
    "steps": Field(list_of(step, 1, MAX_STEPS, "steps"), required=True),
    "metadata": Field(mapping),
}
