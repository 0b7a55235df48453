"""The fields of an agent. A model is a name that settings on this machine give a meaning to."""

import re
from typing import Any

from symphony_core.answer_schema import check_schema
from symphony_core.io.fields import (
    Field,
    check,
    identifier,
    list_of,
    mapping,
    name,
    nullable,
    number,
    object_of,
    prompt,
    record,
    text,
    whole,
)
from symphony_core.io.place import Place
from symphony_core.io.plain import MAX_NAME, kind
from symphony_core.io.step_fields import MAX_ITEMS, choices
from symphony_core.io.workflow_fields import SCHEMA_VERSION
from symphony_core.references import find

_WORD = r"[A-Za-z0-9][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*"
_MODEL = re.compile(rf"{_WORD}(?:[:/@]{_WORD})*")
_OPENS_A_FILE = re.compile(r"(embedded|scripted|file):", re.IGNORECASE)
_FILE = re.compile(
    r"\.(gguf|ggml|bin|safetensors|onnx|pt|pth|ckpt|pkl|json|ya?ml|py|so|dll|exe|sh)$",
    re.IGNORECASE,
)
# An address, a path, a program's option, or a word that only a shell knows.
_COMMAND = re.compile(r"://|^[/~\\]|^\.{1,2}[/\\]|^[A-Za-z]:[/\\]|\s--?\w|[|;<>`$]")
_HOST = re.compile(r"localhost\b|\d+\.\d+\.\d+\.\d+\b|.*:\d+/", re.IGNORECASE)


def check_agent(data: Any) -> dict[str, Any]:
    """Return an agent's fields, ready for `AgentConfig`.

    Raises:
        DocumentError: one of them is wrong.
    """
    fields = record(data, Place("agent"), FIELDS)
    fields.pop("schema_version", None)
    return fields


@check(type="string", minLength=1, maxLength=MAX_NAME)
def _model(value: Any, place: Place) -> str:
    model: str = text(value, place)
    if not model.strip() or len(model) > MAX_NAME:
        place.refuse(f"must be a model's name of 1 to {MAX_NAME} characters, not {kind(model)}")
    is_path = _OPENS_A_FILE.match(model) or _FILE.search(model) or _HOST.match(model)
    if is_path or not _MODEL.fullmatch(model):
        place.refuse(
            "must be a model's name such as 'embedded' or 'openai-chat:NAME', and no path or "
            f"address, not {kind(model)}"
        )
    return model


@check(**prompt.schema)
def _instructions(value: Any, place: Place) -> str:
    instructions: str = prompt(value, place)
    for path in find(instructions):
        if "." in path:
            place.refuse(f"refers to a step, {{{{{path}}}}}, but an agent knows names only")
    return instructions


@check(type="string", minLength=1, maxLength=MAX_NAME)
def _stop(value: Any, place: Place) -> str:
    stop: str = text(value, place)
    if not 1 <= len(stop) <= MAX_NAME:
        place.refuse(f"must be a text of 1 to {MAX_NAME} characters")
    return stop


@check(type="object")
def _schema(value: Any, place: Place) -> dict[str, Any]:
    schema: dict[str, Any] = mapping(value, place)
    try:
        check_schema(schema)
    except ValueError as error:
        place.refuse(f"cannot be used: {error}")
    return schema


@check(**name.schema)
def _tool(value: Any, place: Place) -> str:
    if not isinstance(value, str) or _COMMAND.search(value):
        place.refuse(
            f"must be the name of a tool, not {kind(value)}: only the file of tools of whoever "
            "runs Symphony names commands and servers"
        )
    return str(name(value, place))


_WORDS = list_of(name, 0, MAX_ITEMS, "words")
_CAPABILITIES = {
    "expertise": Field(_WORDS),
    "tools": Field(list_of(_tool, 0, MAX_ITEMS, "tools")),
    "limitations": Field(_WORDS),
}
_SETTINGS = {
    "temperature": Field(nullable(number(0, 2))),
    "max_tokens": Field(nullable(whole(1, 1_000_000))),
    "top_p": Field(nullable(number(0, 1, above=True))),
    "seed": Field(nullable(whole(0, 2**31 - 1))),
    "stop": Field(nullable(list_of(_stop, 1, 16, "texts"))),
    "timeout_s": Field(nullable(number(0, 86_400, above=True))),
}
FIELDS = {
    "schema_version": Field(whole(SCHEMA_VERSION, SCHEMA_VERSION)),
    "id": Field(identifier),
    "name": Field(name, required=True),
    "role": Field(name, required=True),
    "description": Field(text),
    "instruction_template": Field(_instructions, required=True),
    "capabilities": Field(object_of(_CAPABILITIES)),
    "model": Field(nullable(_model)),
    "settings": Field(object_of(_SETTINGS)),
    "variables": Field(mapping),
    "answer_choices": Field(nullable(choices)),
    "answer_schema": Field(nullable(_schema)),
}
