"""Every row of the corpus of documents gets its verdict, in time, and nothing else happens."""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symphony_core.errors import DocumentError
from symphony_core.io.documents import dump_agent, dump_workflow, load_agent, load_workflow
from tests.support.corpus import expanded, rows, text_of

CANARY = Path("/tmp/SYMPHONY_CANARY")
LOAD: dict[str, Callable[[str | bytes], Any]] = {"workflow": load_workflow, "agent": load_agent}
DUMP: dict[str, Callable[[Any], str]] = {"workflow": dump_workflow, "agent": dump_agent}


def document_of(row: dict[str, Any]) -> str | bytes:
    if "raw_b64" in row:
        return base64.b64decode(row["raw_b64"])
    if "raw" in row:
        return str(row["raw"])
    return json.dumps(expanded(row["doc"])) if "doc" in row else text_of(row)


def parametrized(expected: str) -> pytest.MarkDecorator:
    found = rows("imports", expected=expected)
    return pytest.mark.parametrize("row", found, ids=lambda row: row["id"])


@parametrized("clear error")
def test_what_must_be_refused_is_with_the_place_named(row: dict[str, Any]) -> None:
    CANARY.unlink(missing_ok=True)
    started = time.process_time()
    with pytest.raises(DocumentError) as refusal:
        LOAD[row["kind"]](document_of(row))
    assert time.process_time() - started < 1
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


def test_no_row_is_left_out() -> None:
    verdicts = [row["expected"] for row in rows("imports")]
    assert len(verdicts) == 133
    assert set(verdicts) == {"clear error", "accepted"}
