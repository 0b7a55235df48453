"""The JSON Schema of the documents, made out of the tables that documents are checked by.

What the schema refuses, the checks refuse too. They know more: which step refers to which, ids
that are there twice, how much there may be in all.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from symphony_core.io import agent_fields, step_fields, workflow_fields
from symphony_core.io.fields import anything, record_schema

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MOST = 20  # violations that are listed
_SHOWN = 200


def workflow_schema() -> dict[str, Any]:
    """Return the schema of a workflow's document."""
    types = step_fields.FIELDS
    every = step_fields.EVERY_STEP
    defined = {kind: record_schema({**every, **fields}) for kind, fields in types.items()}
    for kind, schema in defined.items():
        schema["properties"]["type"] = {"const": kind}
    step = record_schema(every, others=anything)
    step["properties"]["type"] = {"type": "string"}
    step["allOf"] = [{"if": _is_of(kind), "then": {"$ref": f"#/$defs/{kind}"}} for kind in types]
    return {
        "$schema": _DRAFT,
        "title": "A workflow of Symphony",
        **record_schema(workflow_fields.FIELDS),
        "$defs": {"step": step, **defined, "input": record_schema(workflow_fields.INPUT)},
    }


def agent_schema() -> dict[str, Any]:
    """Return the schema of an agent's document."""
    fields = agent_fields.FIELDS
    return {"$schema": _DRAFT, "title": "An agent of Symphony", **record_schema(fields)}


def violations(data: Any, schema: dict[str, Any]) -> list[str]:
    """Return where a document is not as the schema says, in a line each, and not all of many."""
    found = _lines(Draft202012Validator(schema).iter_errors(data))
    lines: dict[str, None] = {}
    with suppress(RecursionError):  # steps lie far deeper in each other than any check allows
        for line in found:
            lines[line] = None
            if len(lines) == _MOST:
                break
    return list(lines)


def _is_of(kind: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"type": {"const": kind}}, "required": ["type"]}


def _lines(found: Iterator[ValidationError]) -> Iterator[str]:
    for error in found:
        way = [str(key + 1 if isinstance(key, int) else key) for key in error.absolute_path]
        if error.validator in ("required", "additionalProperties"):
            problem = error.message
        else:
            problem = f"must have {error.validator} {error.validator_value!r}"
        place = ".".join(way) or "the document"
        yield f"{place!r:.{_SHOWN}}: {problem:.{_SHOWN}}"
