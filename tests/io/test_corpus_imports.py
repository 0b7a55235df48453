"""Every row of the corpus of documents gets its verdict, in time, and nothing else happens."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from symphony_core.errors import DocumentError
from symphony_core.io.documents import (
    Form,
    dump_agent,
    dump_workflow,
    guess_form,
    load_agent,
    load_workflow,
    parse,
)
from symphony_core.io.schema import agent_schema, violations, workflow_schema
from tests.support.corpus import expanded, rows, text_of
from tests.support.effort import effort

CANARY = Path("/tmp/SYMPHONY_CANARY")
LOAD: dict[str, Callable[..., Any]] = {"workflow": load_workflow, "agent": load_agent}
SCHEMA = {"workflow": workflow_schema(), "agent": agent_schema()}
DUMP: dict[str, Callable[..., str]] = {"workflow": dump_workflow, "agent": dump_agent}


def document_of(row: dict[str, Any]) -> str | bytes:
    if "raw_b64" in row:
        return base64.b64decode(row["raw_b64"])
    if "raw" in row:
        return str(row["raw"])
    return json.dumps(expanded(row["doc"])) if "doc" in row else text_of(row)


def yaml_of(row: dict[str, Any]) -> list[str | bytes]:
    """Return a row's values as somebody else writes YAML, and its own text, for JSON is YAML."""
    document = document_of(row)
    try:
        values = json.loads(document)
    except (ValueError, RecursionError):
        return [document]
    written = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
    is_json = "NaN" not in document  # which Python takes, and which is a text in YAML
    return [written, document] if is_json else [written]


def parametrized(expected: str) -> pytest.MarkDecorator:
    found = rows("imports", expected=expected)
    return pytest.mark.parametrize("row", found, ids=lambda row: row["id"])


@parametrized("clear error")
def test_what_must_be_refused_is_with_the_place_named(row: dict[str, Any]) -> None:
    CANARY.unlink(missing_ok=True)
    with effort() as spent, pytest.raises(DocumentError) as refusal:
        LOAD[row["kind"]](document_of(row))
    assert spent.seconds < 1
    sentence = str(refusal.value)
    assert any(word in sentence.lower() for word in row["error_names"]), sentence
    assert len(sentence) < 600
    assert "\n" not in sentence
    assert not CANARY.exists()


@parametrized("accepted")
def test_what_is_accepted_survives_being_written_and_read(row: dict[str, Any]) -> None:
    read = LOAD[row["kind"]](document_of(row))
    text = DUMP[row["kind"]](read)
    assert DUMP[row["kind"]](LOAD[row["kind"]](text.encode())) == text


@pytest.mark.parametrize("row", rows("imports"), ids=lambda row: row["id"])
def test_a_row_has_the_same_verdict_as_yaml(row: dict[str, Any]) -> None:
    for document in yaml_of(row):
        CANARY.unlink(missing_ok=True)
        with effort() as spent:
            verdict, sentence = yaml_verdict(row["kind"], document)
        assert spent.seconds < 1
        assert verdict == row["expected"], sentence
        assert len(sentence) < 600
        assert "\n" not in sentence
        assert not CANARY.exists()


def yaml_verdict(kind: str, document: str | bytes) -> tuple[str, str]:
    try:
        read = LOAD[kind](document, Form.YAML)
    except DocumentError as error:
        return "clear error", str(error)
    text = DUMP[kind](read, Form.YAML)
    same = DUMP[kind](LOAD[kind](text, Form.YAML), Form.YAML) == text
    return "accepted" if same else "changed", ""


@parametrized("accepted")
def test_what_is_accepted_is_as_the_schema_says(row: dict[str, Any]) -> None:
    document = document_of(row)
    assert guess_form(document) == Form.JSON
    assert violations(parse(document), SCHEMA[row["kind"]]) == []


def test_no_row_is_left_out() -> None:
    verdicts = [row["expected"] for row in rows("imports")]
    assert len(verdicts) == 133
    assert set(verdicts) == {"clear error", "accepted"}
