"""Rows of the corpora: conditions, prompt templates and documents with the expected verdict."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "corpora"


def rows(name: str, **wanted: str) -> list[dict[str, Any]]:
    """Return the rows of a corpus whose fields are as wanted."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return [row for row in found if all(row.get(key) == value for key, value in wanted.items())]


def text_of(row: dict[str, Any]) -> str:
    """Return a row's text, generated where it would be too long to write down."""
    if "expr" in row:
        return str(row["expr"])
    g = row["gen"]
    return str(
        g["prefix"] + g["unit"] * g["count"] + g["middle"] + g["unit2"] * g["count"] + g["suffix"]
    )


def expanded(value: Any) -> Any:
    """Return a value with every `{"$repeat": [unit, times]}` written out."""
    if isinstance(value, dict):
        if set(value) == {"$repeat"}:
            unit, times = value["$repeat"]
            return unit * times
        return {key: expanded(inner) for key, inner in value.items()}
    return [expanded(inner) for inner in value] if isinstance(value, list) else value
