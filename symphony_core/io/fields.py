"""What a field of a document may hold. A check returns the value to keep, or says what is wrong."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from symphony_core.errors import ExpressionError, TemplateError
from symphony_core.ids import ID_PATTERN, ID_RULE, is_id
from symphony_core.io.place import Place
from symphony_core.io.plain import MAX_NAME, MAX_TEXT, kind
from symphony_core.orchestration import expressions, references
from symphony_core.paths import suggestion

_Test = Callable[[Any, Place], Any]

_SOMETHING = r"\S"  # for the schema: more than blanks
_BLANK = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing
_NO_NAME = re.compile("[\t\n\r\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Check:
    """A test of a value, which returns what to keep, and the JSON Schema of what passes.

    More may pass the schema than the test: a schema cannot say everything.
    """

    test: _Test
    schema: Mapping[str, Any]

    def __call__(self, value: Any, place: Place) -> Any:
        """Return the value to keep, or raise what is wrong with it."""
        return self.test(value, place)


def check(**schema: Any) -> Callable[[_Test], Check]:
    """Make a check of the function below."""
    return lambda test: Check(test, schema)


@dataclass(frozen=True)
class Field:
    """One field of an object."""

    check: Check
    required: bool = False


def record(
    value: Any, place: Place, fields: Mapping[str, Field], others: Check | None = None
) -> dict[str, Any]:
    """Check an object: only known fields unless there is a check for others, none missing."""
    if not isinstance(value, dict):
        place.refuse(f"must be an object, not {kind(value)}")
    for name in value:
        if name not in fields and others is None:
            place.refuse(f"has an unknown field {name[:60]!r}", suggestion(name, fields))
    for name, field in fields.items():
        if field.required and name not in value:
            place.refuse(f"lacks the field {name!r}")
    kept = dict(value)
    for name, inner in value.items():
        checked = fields[name].check if name in fields else others
        if checked is not None and checked is not anything:
            kept[name] = checked(inner, place.at(name))
    return kept


def record_schema(fields: Mapping[str, Field], others: Check | None = None) -> dict[str, Any]:
    """Return the JSON Schema of what `record` takes."""
    return {
        "type": "object",
        "properties": {name: field.check.schema for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": others.schema if others else False,
    }


def object_of(fields: Mapping[str, Field], others: Check | None = None) -> Check:
    """Return a check for objects with these fields."""
    schema = record_schema(fields, others)
    return Check(lambda value, place: record(value, place, fields, others), schema)


def list_of(item_check: Check, least: int, most: int, what: str) -> Check:
    """Return a check for lists of something."""

    @check(type="array", items=item_check.schema, minItems=least, maxItems=most)
    def checked(value: Any, place: Place) -> list[Any]:
        if not isinstance(value, list):
            place.refuse(f"must be a list of {what}, not {kind(value)}")
        if len(value) < least:
            place.refuse(f"must have at least {least} of its {what}")
        if len(value) > most:
            place.refuse(f"has too many {what}: it may have {most}")
        return [item_check(item, place.at(number)) for number, item in enumerate(value, 1)]

    return checked


def nullable(inner: Check) -> Check:
    """Return a check that takes null as well."""
    if "type" in inner.schema:
        schema = {**inner.schema, "type": [inner.schema["type"], "null"]}
    else:
        schema = {"if": {"not": {"type": "null"}}, "then": inner.schema}
    return Check(lambda value, place: None if value is None else inner(value, place), schema)


def one_of(*words: str) -> Check:
    """Return a check for one of some words."""

    @check(enum=list(words))
    def checked(value: Any, place: Place) -> str:
        if not isinstance(value, str) or value not in words:
            place.refuse(f"must be one of {', '.join(map(repr, words))}, not {kind(value)}")
        return value

    return checked


def whole(least: int, most: int) -> Check:
    """Return a check for whole numbers."""

    @check(type="integer", minimum=least, maximum=most)
    def checked(value: Any, place: Place) -> int:
        if type(value) is not int or not least <= value <= most:
            place.refuse(f"must be a whole number from {least:,} to {most:,}, not {kind(value)}")
        return value

    return checked


def number(least: float, most: float, *, above: bool = False) -> Check:
    """Return a check for numbers; with `above`, the least is not one of them."""
    start = f"above {least:,} and up" if above else f"from {least:,}"

    @check(type="number", **{"exclusiveMinimum" if above else "minimum": least}, maximum=most)
    def checked(value: Any, place: Place) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not least <= value <= most or (above and value == least):
            place.refuse(f"must be a number {start} to {most:,}, not {kind(value)}")
        return float(value) if isinstance(value, float) else value

    return checked


@check()
def anything(value: Any, place: Place) -> Any:
    """Take any plain data."""
    return value


@check(type="object")
def mapping(value: Any, place: Place) -> dict[str, Any]:
    """Check an object whose fields are its author's business."""
    return record(value, place, {}, anything)


@check(type="boolean")
def boolean(value: Any, place: Place) -> bool:
    """Check a yes or no."""
    if not isinstance(value, bool):
        place.refuse(f"must be true or false, not {kind(value)}")
    return value


@check(type="string", maxLength=MAX_TEXT)
def text(value: Any, place: Place) -> str:
    """Check any text, an empty one too."""
    if not isinstance(value, str):
        place.refuse(f"must be a text, not {kind(value)}")
    return value


@check(type="string", minLength=1, maxLength=MAX_NAME, pattern=_SOMETHING)
def name(value: Any, place: Place) -> str:
    """Check a text that people know something by: one line in which something can be seen."""
    if _is_blank(text(value, place)):
        place.refuse("must not be empty")
    if len(value) > MAX_NAME:
        place.refuse(f"is too long: it may have {MAX_NAME} characters")
    if found := _NO_NAME.search(value):
        place.refuse(f"has a control character, {found.group()!r}, and must be one line")
    return str(value)


@check(type="string", pattern=f"^{ID_PATTERN}$")
def identifier(value: Any, place: Place) -> str:
    """Check an id."""
    if not is_id(value):
        place.refuse(f"must be an id of {ID_RULE}, not {kind(value)}")
    return str(value)


@check(type="string", maxLength=MAX_TEXT)
def template(value: Any, place: Place) -> str:
    """Check a text with references such as {{topic}}, which must be readable."""
    try:
        found = references.find(text(value, place))
    except TemplateError as error:
        place.complain(str(error))
    place.count_references(len(found))
    return str(value)


@check()
def templates(value: Any, place: Place) -> Any:
    """Check all texts of any plain data as templates."""
    if isinstance(value, str):
        return template(value, place)
    if isinstance(value, dict):
        return {name: templates(inner, place.at(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [templates(inner, place.at(number)) for number, inner in enumerate(value, 1)]
    return value


@check(type="string", maxLength=MAX_TEXT, pattern=_SOMETHING)
def prompt(value: Any, place: Place) -> str:
    """Check a template that must ask something."""
    if _is_blank(template(value, place)):
        place.refuse("must not be empty")
    return str(value)


@check(type="string", maxLength=MAX_TEXT)
def condition(value: Any, place: Place) -> str:
    """Check a condition, which must be readable."""
    try:
        expressions.check(text(value, place))
    except ExpressionError as error:
        place.complain(str(error))
    return str(value)


def _is_blank(value: str) -> bool:
    return all(
        unicodedata.category(character) in _BLANK or character in _BLANK_LETTERS
        for character in value
    )
