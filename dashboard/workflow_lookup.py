"""The list of workflows as it is read from the store: little of all of them, all of a page's.

It runs in the core's loop; pages go through `workflow_services`.
"""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.viewmodels.workflows import metadata_of, tags_in
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.repository import Repository
from symphony_core.registry import ServiceRegistry
from symphony_core.shelf import Shelf
from symphony_core.workflow import Workflow
from symphony_core.workflow_draft import WorkflowDraft


@dataclass(frozen=True)
class Wanted:
    """What is looked for, and which page of it."""

    search: str
    tag: str | None
    is_archived: bool
    page: int
    page_size: int


@dataclass(frozen=True)
class Shelved:
    """A workflow with its last run; `counts` are its runs in all, completed and failed."""

    draft: WorkflowDraft
    saved: WorkflowDefinition | None
    last: Workflow | None
    counts: tuple[int, int, int]


@dataclass(frozen=True)
class Page:
    """What was found."""

    shelved: list[Shelved]
    pages: int
    total: int
    tags: list[str]


@dataclass(frozen=True)
class _Line:
    """What decides whether a workflow is in the list, and where."""

    id: str
    name: str
    tags: list[str]
    is_archived: bool
    changed_at: datetime


async def find_page(registry: ServiceRegistry, wanted: Wanted) -> Page:
    """Return a page of workflows, those changed last first, and every tag."""
    needle = wanted.search.strip().casefold()
    lines = [line for line in await _lines(registry) if line.is_archived == wanted.is_archived]
    found = [
        line
        for line in lines
        if needle in line.name.casefold() and (wanted.tag is None or wanted.tag in line.tags)
    ]
    found.sort(key=lambda line: (line.changed_at, line.id), reverse=True)
    pages = max(1, -(-len(found) // wanted.page_size))
    first = (min(wanted.page, pages) - 1) * wanted.page_size
    shelved = await find_all(
        registry, [line.id for line in found[first : first + wanted.page_size]]
    )
    tags = sorted({tag for line in lines for tag in line.tags}, key=str.casefold)
    return Page(shelved, pages, len(found), tags)


async def find_all(registry: ServiceRegistry, ids: Sequence[str]) -> list[Shelved]:
    """Return those workflows that are there, in the order of the ids."""
    shelf, runs = Shelf(registry), registry.get_repository("workflow")

    async def one(id: str) -> Shelved | None:
        draft = await shelf.draft(id)
        return (
            None if draft is None else Shelved(draft, await shelf.saved(id), *await _runs(runs, id))
        )

    return [each for each in await gather(*map(one, ids)) if each is not None]


async def _runs(
    runs: Repository[Workflow], id: str
) -> tuple[Workflow | None, tuple[int, int, int]]:
    mine = {"definition_id": id}
    last = await runs.find_page(mine, limit=1)
    if not last:
        return None, (0, 0, 0)
    completed, failed = [
        await runs.count({**mine, "status": status}) for status in ("completed", "failed")
    ]
    return last[0], (await runs.count(mine), completed, failed)


async def _lines(registry: ServiceRegistry) -> list[_Line]:
    drafts, names = registry.get_repository("workflow_draft"), ["id", "name", "changed_at"]
    kept = {row["id"]: row for row in await drafts.find_fields(names, limit=None)}
    saved = await registry.get_repository("workflow_definition").find_fields(
        ["id", "name", "metadata", "archived_at", "created_at"], limit=None
    )
    lines = []
    for row in saved:
        newer = kept.pop(row["id"], None) or {"name": row["name"], "changed_at": row["created_at"]}
        tags, is_archived = tags_in(row["metadata"]), row["archived_at"] is not None
        lines.append(_Line(row["id"], newer["name"], tags, is_archived, newer["changed_at"]))
    for draft in await drafts.find_all({"id": list(kept)}):  # never saved
        tags = tags_in(metadata_of(draft, None))
        lines.append(_Line(draft.id, draft.name, tags, False, draft.changed_at))
    return lines
