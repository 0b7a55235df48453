"""Workflows with versions and tags, for pages that show them."""

from collections.abc import Sequence
from typing import Any

from symphony_core.io.editable import Document
from symphony_core.registry import ServiceRegistry
from symphony_core.shelf import TAGS, Shelf


async def save_twice(
    registry: ServiceRegistry, document: Document, tags: Sequence[str], **changes: Any
) -> str:
    """Save a workflow and then a changed one as its second version, and return its id."""
    shelf = Shelf(registry)
    draft = await shelf.new(document, id=document.get("id"))
    await shelf.save(draft.id, draft.version)
    await shelf.mark(draft.id, TAGS, list(tags))
    read = await shelf.draft(draft.id)
    assert read is not None
    kept = await shelf.keep(draft.id, {**read.document, **changes}, read.version, "Ann")
    await shelf.save(draft.id, kept.version)
    return draft.id
