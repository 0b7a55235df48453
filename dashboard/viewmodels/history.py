"""A workflow's document with what was done to it, so that it can be undone and done again."""

from dataclasses import dataclass, field

from symphony_core.io.editable import Document

MOST = 200  # changes that can be undone


@dataclass(frozen=True)
class _Change:
    before: Document
    what: str
    typing: str | None


@dataclass
class History:
    """The present document, and the way here and back."""

    present: Document
    _past: list[_Change] = field(default_factory=list)
    _future: list[_Change] = field(default_factory=list)

    @property
    def undoes(self) -> str | None:
        """What `undo` would take back, in words; None if there is nothing."""
        return self._past[-1].what if self._past else None

    @property
    def redoes(self) -> str | None:
        """What `redo` would do again, in words; None if there is nothing."""
        return self._future[-1].what if self._future else None

    def do(self, document: Document, what: str, typing: str | None = None) -> None:
        """Go on to another document; what is typed into one field in a row is one change."""
        if document == self.present:
            return
        is_more = typing is not None and self._past and self._past[-1].typing == typing
        if not is_more or self._future:
            self._past.append(_Change(self.present, what, typing))
            del self._past[:-MOST]
        self._future.clear()
        self.present = document

    def undo(self) -> None:
        """Go back by one change."""
        self._go(self._past, self._future)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._go(self._future, self._past)

    def _go(self, start: list[_Change], end: list[_Change]) -> None:
        if start:
            change = start.pop()
            end.append(_Change(self.present, change.what, None))
            self.present = change.before
