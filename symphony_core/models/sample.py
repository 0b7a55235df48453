"""The least that fits a JSON Schema, so far as that is simple: for the model that asks nobody."""

from collections.abc import Mapping
from typing import Any

_DEEPEST = 8
_MOST = 100  # items of a list


def sample(schema: Mapping[str, Any], text: str, depth: int = 0) -> Any:
    """Return plain data of the schema's form, with `text` wherever it wants a text."""
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "string")
    match kind[0] if isinstance(kind, list) else kind:
        case "object" if depth < _DEEPEST:
            wanted = schema.get("properties", {})
            return {name: sample(inner, text, depth + 1) for name, inner in wanted.items()}
        case "array" if depth < _DEEPEST:
            inner = schema.get("items", {})
            return [sample(inner, text, depth + 1)] * min(max(1, schema.get("minItems", 1)), _MOST)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
    return text
