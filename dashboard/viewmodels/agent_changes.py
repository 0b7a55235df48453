"""The saved versions of an agent, and what differs between them, field by field."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from symphony_core.agent_version import AgentVersion

LABELS = {
    "instruction_template": "Instructions",
    "max_tokens": "Most tokens of an answer",
    "answer_choices": "Answer choices",
    "top_p": "Top-p",
}
"""What fields are called that are not called by their names."""

_HOLDERS = ("capabilities", "settings")  # their fields stand for themselves
_SHORT = 60  # characters


@dataclass(frozen=True)
class VersionView:
    """A saved version in a list; `changed` are the fields that the one before it had otherwise."""

    number: int
    name: str
    changed: tuple[str, ...]
    saved_at: datetime
    is_newest: bool


@dataclass(frozen=True)
class FieldChange:
    """A field that two versions have otherwise, as texts."""

    label: str
    before: str
    after: str

    @property
    def is_short(self) -> bool:
        """Whether both texts fit into one line."""
        return all(len(text) <= _SHORT and "\n" not in text for text in (self.before, self.after))


def version_views(versions: Sequence[AgentVersion]) -> list[VersionView]:
    """Return versions that stand newest first."""
    before = [*versions[1:], None]
    return [
        VersionView(
            number=version.number,
            name=str(version.document.get("name", "")),
            changed=_labels(older, version),
            saved_at=version.created_at,
            is_newest=place == 0,
        )
        for place, (version, older) in enumerate(zip(versions, before, strict=True))
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Return what differs between two agents' documents, in the order of their fields."""
    old, new = dict(_fields(before)), dict(_fields(after))
    return [
        FieldChange(label, old.get(label, ""), new.get(label, ""))
        for label in dict.fromkeys([*new, *old])
        if old.get(label, "") != new.get(label, "")
    ]


def _labels(older: AgentVersion | None, version: AgentVersion) -> tuple[str, ...]:
    found = changes(older.document, version.document) if older else []
    return tuple(change.label for change in found)


def _fields(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if name in _HOLDERS and isinstance(value, Mapping):
            yield from _fields(value)
        elif name == "variables" and isinstance(value, Mapping):
            yield from ((f"Variable {each!r}", _text(value[each])) for each in value)
        else:
            yield LABELS.get(name, name.replace("_", " ").capitalize()), _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value) if any("," in each for each in value) else ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
