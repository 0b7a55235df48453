"""Where workflows are kept while people work on them: a draft each, and every saved version.

Tags and whether a workflow is a template belong to the workflow and not to a version: they stand in
its metadata, and saving or restoring leaves them as they are.
"""

from collections.abc import Mapping
from typing import Any

from symphony_core.errors import (
    Conflict,
    DefinitionError,
    EntityNotFound,
    NotPossible,
    SymphonyError,
)
from symphony_core.ids import Clock, is_id, new_id, utc_now
from symphony_core.io.documents import workflow_from
from symphony_core.io.editable import Document, closed, editable, every_step
from symphony_core.io.problems import problems_of
from symphony_core.orchestration.pinning import pinned
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.repository import save_together
from symphony_core.registry import ServiceRegistry
from symphony_core.uses import check_workflow_unused
from symphony_core.workflow_draft import WorkflowDraft
from symphony_core.workflow_version import WorkflowVersion

UNTITLED = "Untitled workflow"
TAGS, TEMPLATE = "tags", "template"
NAME_LENGTH = 200

_NOT_OF_A_VERSION = (TAGS, TEMPLATE)


class DraftConflict(SymphonyError):
    """A draft was kept by another editor after it was read; `draft` is theirs, if there is one."""

    def __init__(self, draft: WorkflowDraft | None) -> None:
        self.draft = draft
        super().__init__(
            "This draft was discarded elsewhere meanwhile. Keep yours as another workflow, or leave it."
            if draft is None
            else f"{draft.editor or 'Another editor'!r} has changed the draft {draft.name!r} on "
            f"{draft.changed_at:%d %b %Y at %H:%M:%S} UTC. Read theirs, then decide which to keep."
        )


class Shelf:
    """The workflows of a store, and what can be done with them short of running them.

    Methods that name a workflow raise `EntityNotFound` where there is none.
    """

    def __init__(self, registry: ServiceRegistry, clock: Clock = utc_now) -> None:
        self._registry = registry
        self._clock = clock
        self._drafts = registry.get_repository("workflow_draft")
        self._definitions = registry.get_repository("workflow_definition")
        self._versions = registry.get_repository("workflow_version")

    # --- drafts

    async def new(
        self, document: Document | None = None, *, editor: str = "", id: str | None = None
    ) -> WorkflowDraft:
        """Keep a new workflow's first draft, under a name that no other has."""
        given = document or {"description": "", "inputs": [], "steps": [], "metadata": {}}
        name = await self.free_name(str(given.get("name") or UNTITLED))
        draft = self._draft(id or new_id(), {**given, "name": name}, 0, editor)
        await self._drafts.insert(draft)
        return draft

    async def draft(self, id: str) -> WorkflowDraft | None:
        """Return the draft, made of the saved workflow where nobody keeps one; None for neither."""
        if not is_id(id):
            return None
        kept: WorkflowDraft | None = await self._drafts.find_by_id(id)
        saved = await self.saved(id)
        if kept is not None or saved is None:
            return kept
        made = self._draft(id, editable(saved), saved.saved_number, "")
        return made.model_copy(update={"changed_at": saved.created_at})

    async def keep(self, id: str, document: Document, version: int, editor: str) -> WorkflowDraft:
        """Keep a draft that was read at this version.

        Raises:
            DraftConflict: another was kept or discarded after that.
        """
        before = await self.draft(id)
        if before is None or before.version != version:
            raise DraftConflict(before)
        after = self._draft(id, document, before.based_on, editor)
        return await self._replace(before, after)

    async def discard(self, id: str) -> None:
        """Go back to what was saved last; a workflow that was never saved is gone."""
        kept = await self._drafts.find_by_id(id)
        saved = await self.saved(id)
        if kept is not None and saved is None:
            await self._drafts.delete(id)
        elif kept is not None and saved is not None:
            back = self._draft(id, editable(saved), saved.saved_number, kept.editor)
            await self._replace(kept, back)

    # --- saved versions

    async def saved(self, id: str) -> WorkflowDefinition | None:
        """Return the workflow as it was saved last; None if it never was."""
        found: WorkflowDefinition | None = (
            await self._definitions.find_by_id(id) if is_id(id) else None
        )
        return found

    async def need_saved(self, id: str) -> WorkflowDefinition:
        """Return the workflow as it was saved last; `NotPossible` where it never was."""
        saved = await self.saved(id)
        if saved is None:
            name = (await self._need_draft(id)).name
            raise NotPossible(f"{name!r} was not saved yet: save it first.")
        return saved

    async def save(self, id: str, version: int) -> int:
        """Save the draft that was read at this version, and return its number among the saved.

        What is the same as the version saved last is not saved once more.

        Raises:
            DraftConflict: another draft was kept or discarded after that.
            DefinitionError: the first thing that is wrong with it.
        """
        draft = await self.draft(id)
        if draft is None or draft.version != version:
            raise DraftConflict(draft)
        before = await self.saved(id)
        if before is not None and not is_changed(draft.document, before):
            return before.saved_number
        after = self._next(before, _checked(draft.document))
        await pinned(after, self._definitions)  # or it says why no run can be made of it
        writes: list[Any] = [(self._definitions, after)]
        if before is not None and not before.number:
            writes.append((self._versions, _version_of(before)))  # nobody kept it as one so far
        document = editable(after)
        kept = WorkflowVersion(
            definition_id=id, number=after.number, document=document, created_at=self._clock()
        )
        draft.document, draft.based_on, draft.changed_at = document, after.number, kept.created_at
        try:
            await save_together([*writes, (self._versions, kept), (self._drafts, draft)])
        except Conflict:
            raise DraftConflict(await self.draft(id)) from None
        return after.number

    async def versions(self, id: str) -> list[WorkflowVersion]:
        """Return the saved versions, the newest first."""
        found: list[WorkflowVersion] = await self._versions.find_page(
            {"definition_id": id}, order_by="number", limit=None
        )
        saved = None if found else await self.saved(id)
        return found if saved is None else [_version_of(saved)]

    async def version(self, id: str, number: int) -> WorkflowVersion:
        """Return one saved version."""
        for version in await self.versions(id):
            if version.number == number:
                return version
        raise EntityNotFound("version of the workflow", f"{id} {number}")

    async def restore(self, id: str, number: int, editor: str = "") -> WorkflowDraft:
        """Make a saved version the draft; what was saved stays as it is."""
        version, before = await self.version(id, number), await self._need_draft(id)
        metadata = _with_shelf_marks(version.document.get("metadata"), before.document)
        document = {**version.document, "metadata": metadata}
        return await self._replace(before, self._draft(id, document, number, editor))

    # --- the workflow as a whole

    async def duplicate(self, id: str, editor: str = "") -> WorkflowDraft:
        """Keep a copy of the draft as a new workflow."""
        document = (await self._need_draft(id)).document
        name = f"{str(document.get('name') or UNTITLED)[: NAME_LENGTH - 10]} (copy)"
        metadata = {k: v for k, v in (document.get("metadata") or {}).items() if k != TEMPLATE}
        return await self.new({**document, "name": name, "metadata": metadata}, editor=editor)

    async def archive(self, id: str, *, away: bool) -> None:
        """Put a saved workflow away, or take it back; its runs and versions stay."""
        saved = await self.need_saved(id)
        moment = self._clock() if away else None
        await self._definitions.save(saved.model_copy(update={"archived_at": moment}))

    async def mark(self, id: str, name: str, value: Any) -> None:
        """Set the tags of a workflow, or whether it is a template."""
        saved = await self.saved(id)
        if saved is not None:
            metadata = {**saved.metadata, name: value}
            await self._definitions.save(saved.model_copy(update={"metadata": metadata}))
            return
        draft = await self._need_draft(id)
        metadata = {**(draft.document.get("metadata") or {}), name: value}
        draft.document = {**draft.document, "metadata": metadata}
        await self._drafts.save(draft)

    async def delete(self, id: str) -> None:
        """Delete a workflow that nothing uses, with its versions and its draft."""
        await check_workflow_unused(self._registry, id, (await self._need_draft(id)).name)
        await self._versions.delete_all({"definition_id": id})
        await self._drafts.delete(id)
        await self._definitions.delete(id)

    # --- how it is done

    def _draft(self, id: str, document: Document, based_on: int, editor: str) -> WorkflowDraft:
        return WorkflowDraft(
            id=id,
            name=str(document.get("name") or "")[:NAME_LENGTH],
            document={**document, "id": id},
            based_on=based_on,
            editor=editor,
            changed_at=self._clock(),
        )

    async def _replace(self, before: WorkflowDraft, after: WorkflowDraft) -> WorkflowDraft:
        after.set_version(before.version)
        try:
            if not before.version:  # nobody kept one so far
                await self._drafts.insert(after)
            elif not await self._drafts.update(after):
                raise DraftConflict(None)
        except Conflict:
            raise DraftConflict(await self.draft(before.id)) from None
        return after

    def _next(
        self, before: WorkflowDefinition | None, valid: WorkflowDefinition
    ) -> WorkflowDefinition:
        if before is None:
            return valid.model_copy(update={"number": 1, "created_at": self._clock()})
        fields = valid.model_dump(include={"name", "description"})
        fields |= {"inputs": valid.inputs, "steps": valid.steps}
        metadata = _with_shelf_marks(valid.metadata, {"metadata": before.metadata})
        number = before.saved_number + 1
        return before.model_copy(update={**fields, "metadata": metadata, "number": number})

    async def free_name(self, wanted: str) -> str:
        """Return a name, with a number where another workflow has it."""
        taken = {
            row["name"].casefold()
            for names in (self._definitions, self._drafts)
            for row in await names.find_fields(["name"], limit=None)
        }
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[: NAME_LENGTH - 10]} {number}"
        return name

    async def _need_draft(self, id: str) -> WorkflowDraft:
        found = await self.draft(id)
        if found is None:
            raise EntityNotFound("workflow", id)
        return found


def is_changed(document: Document, saved: WorkflowDefinition | None) -> bool:
    """Tell whether a draft differs from what was saved last, tags apart."""
    return saved is None or _comparable(document) != _comparable(editable(saved))


def _comparable(document: Document) -> dict[str, Any]:
    return {**document, "metadata": _with_shelf_marks(document.get("metadata"), {})}


def _with_shelf_marks(metadata: Any, source: Document) -> dict[str, Any]:
    """Return metadata with tags and the like out of another document."""
    own = {k: v for k, v in (metadata or {}).items() if k not in _NOT_OF_A_VERSION}
    others: Mapping[str, Any] = source.get("metadata") or {}
    return own | {k: v for k, v in others.items() if k in _NOT_OF_A_VERSION}


def _checked(document: Document) -> WorkflowDefinition:
    problem = next((one for one in problems_of(document) if not one.is_warning), None)
    if problem is None:
        return workflow_from(closed(document))
    steps = every_step(document.get("steps") or ())
    step = next((step for step in steps if step.get("id") == problem.step), None)
    where = f"In the step {step.get('name') or problem.step!r}: " if step else ""
    raise DefinitionError(f"{where}{problem.message}")


def _version_of(saved: WorkflowDefinition) -> WorkflowVersion:
    return WorkflowVersion(
        definition_id=saved.id,
        number=saved.saved_number,
        document=editable(saved),
        created_at=saved.created_at,
    )
