"""Workflows as the pages show them: a line in the list, a draft, a saved version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.viewmodels.runs import RunRow
from dashboard.viewmodels.words import count
from symphony_core.io.editable import Document, every_step
from symphony_core.io.workflow_fields import asked_names
from symphony_core.orchestration.templates.base import Template
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)
from symphony_core.shelf import TAGS, TEMPLATE, is_changed
from symphony_core.workflow_draft import WorkflowDraft
from symphony_core.workflow_version import WorkflowVersion

KINDS = {
    "task": ("question to an agent", "questions to agents"),
    "conditional": ("branch", "branches"),
    "parallel": ("group side by side", "groups side by side"),
    "loop": ("loop", "loops"),
    "approval": ("approval", "approvals"),
    "workflow": ("workflow inside", "workflows inside"),
}
"""What the kinds of steps are called where they are counted."""


@dataclass(frozen=True)
class DraftView:
    """A workflow while it is worked on.

    `version` is what `keep_draft` wants back; `based_on` the number of the saved version that it
    began with, 0 for none; `is_changed` whether it differs from what was saved last.
    """

    id: str
    name: str
    document: dict[str, Any]
    version: int
    based_on: int
    is_changed: bool
    editor: str
    changed_at: datetime


@dataclass(frozen=True)
class VersionView:
    """A saved version in a list of them."""

    number: int
    name: str
    steps: int
    saved_at: datetime
    is_newest: bool


@dataclass(frozen=True)
class Record:
    """How the runs of a workflow went: the last one, and how many came to an end in which way."""

    last: RunRow | None
    runs: int
    completed: int
    failed: int

    @property
    def in_words(self) -> str:
        """Return how many of those that came to an end by themselves succeeded."""
        over = self.completed + self.failed
        if not over:
            return count(self.runs, "run") if self.runs else "Never run"
        share = round(100 * self.completed / over)
        return f"{self.completed:,} of {count(over, 'run')} completed ({share}%)"


@dataclass(frozen=True)
class WorkflowRow:
    """A workflow in the list; `number` is that of the newest saved version, 0 for none."""

    id: str
    name: str
    description: str
    tags: tuple[str, ...]
    steps: int
    number: int
    draft_version: int
    is_changed: bool
    is_template: bool
    archived_at: datetime | None
    changed_at: datetime
    record: Record

    @property
    def is_saved(self) -> bool:
        """Whether there is a version that can run."""
        return self.number > 0

    @property
    def can_be_deleted(self) -> bool:
        """Whether nothing tells of it but itself."""
        return not self.record.runs


@dataclass(frozen=True)
class WorkflowList:
    """A page of the list; `total` counts what was found, `tags` are all that there are."""

    rows: list[WorkflowRow]
    pages: int
    total: int
    tags: list[str]


def draft_view(draft: WorkflowDraft, saved: WorkflowDefinition | None) -> DraftView:
    """Return a draft beside what was saved last."""
    return DraftView(
        id=draft.id,
        name=draft.name,
        document=draft.document,
        version=draft.version,
        based_on=draft.based_on,
        is_changed=is_changed(draft.document, saved),
        editor=draft.editor,
        changed_at=draft.changed_at,
    )


def version_views(versions: Sequence[WorkflowVersion]) -> list[VersionView]:
    """Return versions that stand newest first."""
    return [
        VersionView(
            number=version.number,
            name=str(version.document.get("name", "")),
            steps=step_count(version.document),
            saved_at=version.created_at,
            is_newest=place == 0,
        )
        for place, version in enumerate(versions)
    ]


def workflow_row(
    draft: WorkflowDraft, saved: WorkflowDefinition | None, record: Record
) -> WorkflowRow:
    """Return a workflow as a line of the list."""
    metadata = metadata_of(draft, saved)
    return WorkflowRow(
        id=draft.id,
        name=draft.name or "(no name)",
        description=str(draft.document.get("description") or ""),
        tags=tuple(tags_in(metadata)),
        steps=step_count(draft.document),
        number=saved.saved_number if saved else 0,
        draft_version=draft.version,
        is_changed=is_changed(draft.document, saved),
        is_template=metadata.get(TEMPLATE) is True,
        archived_at=saved.archived_at if saved else None,
        changed_at=draft.changed_at,
        record=record,
    )


def template_of(saved: WorkflowDefinition) -> Template:
    """Return a saved workflow as something to be filled in; its key is its id."""
    return Template(
        key=saved.id,
        name=saved.name,
        summary=saved.description,
        roles=(),
        inputs=saved.inputs or _undeclared(saved),
        options=(),
        build_steps=lambda agents, options: saved,
    )


def metadata_of(draft: WorkflowDraft, saved: WorkflowDefinition | None) -> Mapping[str, Any]:
    """Return the metadata that counts: what was saved, or else the draft's."""
    return saved.metadata if saved else draft.document.get("metadata") or {}


def tags_in(metadata: Mapping[str, Any]) -> list[str]:
    """Return the tags in metadata, which anybody may have written."""
    tags = metadata.get(TAGS)
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def step_count(document: Document) -> int:
    """Return how many steps there are, those inside others too."""
    return sum(1 for _ in every_step(document.get("steps") or ()))


def kinds_in_words(document: Document) -> list[str]:
    """Return how many steps there are of each kind: `3 questions to agents`, `1 loop`."""
    numbers: dict[str, int] = {}
    for step in every_step(document.get("steps") or ()):
        kind = str(step.get("type"))
        numbers[kind] = numbers.get(kind, 0) + 1
    return [
        count(number, *KINDS.get(kind, (f"step {kind!r}", f"steps {kind!r}")))
        for kind, number in numbers.items()
    ]


def _undeclared(saved: WorkflowDefinition) -> tuple[WorkflowInput, ...]:
    """Return the inputs of a workflow that only uses them: nothing tells more than their names."""
    return tuple(WorkflowInput(name=name, type=InputType.LONG_TEXT) for name in asked_names(saved))
