"""The store that forgets: entities in a dictionary, as the text that any other store would keep."""

import threading
from collections.abc import Iterable

from symphony_core.persistence.repository import Repository, T
from symphony_core.persistence.selection import Selection
from symphony_core.persistence.writes import How, Write, check_id, set_version


class InMemoryRepository(Repository[T]):
    """Keeps entities as long as the object lives; several threads and event loops may share it.

    `initial` is what it holds at first; those objects are not touched.
    """

    def __init__(self, entity_class: type[T], initial: Iterable[T] = ()) -> None:
        super().__init__(entity_class)
        self._lock = threading.Lock()
        writes = [self._prepare(entity, How.INSERT) for entity in initial]
        self._rows = {write.id: (write.body, 1) for write in writes}

    async def find_by_id(self, entity_id: str) -> T | None:
        """Return the entity, or None."""
        row = self._rows.get(check_id(entity_id))
        return self._revive(*row) if row else None

    async def delete(self, entity_id: str) -> bool:
        """Delete the entity and tell whether there was one."""
        with self._lock:
            return self._rows.pop(check_id(entity_id), None) is not None

    async def _put(self, write: Write) -> bool:
        with self._lock:
            _, stored = self._rows.get(write.id, ("", None))
            version = write.next_version(stored)
            if version is None:
                return False
            self._rows[write.id] = write.body, version
            set_version(write.entity, version)
        return True

    async def _scan(self, selection: Selection) -> list[tuple[T, int]]:
        with self._lock:
            rows = list(self._rows.values())
        entities = [(self._revive(*row), row[1]) for row in rows]
        return [found for found in entities if selection.matches(found[0])]
