"""JSON Schemas that answers have to fit: which may be used, and what is wrong with an answer."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symphony_core.plain_data import MAX_DEPTH, kept

if TYPE_CHECKING:
    from jsonschema import ValidationError

MAX_SCHEMA = 20_000  # characters
_SHOWN = 5  # complaints about one answer
_LONGEST = 200  # characters of one
_NAMED = ("properties", "$defs", "definitions", "dependentSchemas")  # schemas by names
_DATA = ("enum", "const", "default", "examples", "required")


def check_schema(schema: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a schema as it came, or None for none.

    Raises:
        ValueError: it is none, is not of an object, or refers to what is not in it.
    """
    if not schema:
        return None
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415 - most need none

    if schema.get("type") != "object":
        raise ValueError('an answer\'s JSON Schema describes an object: {"type": "object", …}')
    if len(json.dumps(schema)) > MAX_SCHEMA:
        raise ValueError(f"an answer's JSON Schema has at most {MAX_SCHEMA:,} characters")
    _check_keywords(schema)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = "/".join(map(str, error.absolute_path)) or "its top"
        raise ValueError(f"this is no JSON Schema: at {place}, {_short(error.message)}") from None
    return schema


def read_answer(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer says.

    Raises:
        ValueError: it does not fit the schema; the message says where, for a model to read.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - as above

    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"It is no JSON: {error}.") from None
    try:
        data = kept(data, MAX_DEPTH - 1)  # results have it among others
    except ValueError as error:
        raise ValueError(f"It cannot be kept: {error}.") from None
    try:
        errors = list(Draft202012Validator(schema).iter_errors(data))
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None
    if errors:
        raise ValueError(" ".join(map(_complaint, errors[:_SHOWN])))
    found: dict[str, Any] = data
    return found


def _check_keywords(schema: dict[str, Any]) -> None:
    for keyword, value in _keywords(schema):
        if keyword in ("$ref", "$dynamicRef", "$id") and not str(value).startswith("#"):
            raise ValueError(
                "a JSON Schema may refer to its own parts only: '$ref' begins with '#'"
            )
        if keyword in ("pattern", "patternProperties"):
            raise ValueError(
                f"an answer's JSON Schema may have no {keyword!r}: it can take for ever"
            )


def _keywords(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield every keyword with its value; names of fields, and values to compare with, are none."""
    if isinstance(schema, list):
        for part in schema:
            yield from _keywords(part)
    elif isinstance(schema, Mapping):
        for keyword, value in schema.items():
            yield keyword, value
            if keyword in _NAMED and isinstance(value, Mapping):
                yield from _keywords(list(value.values()))
            elif keyword not in _DATA:
                yield from _keywords(value)


def _complaint(error: "ValidationError") -> str:
    place = ".".join(map(str, error.absolute_path))
    return f"{f'At {place}' if place else 'At the top'}: {_short(error.message)}."


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")
