"""What is to be stored of a run with its next transaction."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from symphony_core.entity import Entity
from symphony_core.ids import utc_now
from symphony_core.run_event import STEP_STARTED, RunEvent
from symphony_core.step_run import StepRun


@dataclass(slots=True)
class _Event:
    type: str
    path: str | None
    data: dict[str, Any]
    at: datetime = field(default_factory=utc_now)


class Notes:
    """Changed entities, each once, and events in their order; these get their numbers last."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._entities: dict[tuple[str, str], Entity] = {}
        self._events: list[_Event] = []

    def __bool__(self) -> bool:
        return bool(self._entities or self._events)

    def add(self, name: str, entity: Entity) -> None:
        """Note that an entity of the repository of that name has changed."""
        self._entities[name, entity.id] = entity

    def add_event(self, type_name: str, path: str | None, data: dict[str, Any]) -> None:
        """Note what has happened."""
        self._events.append(_Event(type_name, path, data))

    def take(self) -> "Notes":
        """Return what was noted so far, and begin anew."""
        taken = Notes(self._run_id)
        taken._entities, self._entities = self._entities, {}
        taken._events, self._events = self._events, []
        return taken

    def has(self, name: str) -> bool:
        """Tell whether an entity of the repository of that name is among them."""
        return (name, self._run_id) in self._entities

    def entities(self) -> list[tuple[str, Entity]]:
        """Return the entities with the names of their repositories."""
        return [(name, entity) for (name, _), entity in self._entities.items()]

    def events(self, last_number: int) -> list[RunEvent]:
        """Return the events, numbered on from the last one stored."""
        return [
            RunEvent(
                id=f"{self._run_id[:48]}-{number:08d}",
                run_id=self._run_id,
                number=number,
                type=event.type,
                path=event.path,
                data=event.data,
                at=event.at,
            )
            for number, event in enumerate(self._events, last_number + 1)
        ]

    def first_starts(self) -> set[str]:
        """Return the paths of steps that were only about to start for the first time."""
        told: dict[str | None, set[str]] = {}
        for event in self._events:
            told.setdefault(event.path, set()).add(event.type)
        again = {
            entity.path
            for entity in self._entities.values()
            if isinstance(entity, StepRun) and (entity.version or entity.attempt > 1)
        }
        starts = {path for path, types in told.items() if path and types == {STEP_STARTED}}
        return starts - again

    def forget(self, paths: Set[str]) -> None:
        """Take out what is noted of the steps at these paths."""
        self._entities = {
            key: entity
            for key, entity in self._entities.items()
            if not isinstance(entity, StepRun) or entity.path not in paths
        }
        self._events = [event for event in self._events if event.path not in paths]
