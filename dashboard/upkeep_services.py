"""What the settings page may ask for about the store and who works on it, and ask of them."""

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dashboard import store
from dashboard.bridge import wait_for
from symphony_core import __version__
from symphony_core.ids import utc_now
from symphony_core.runtime import retention, storage
from symphony_core.runtime.doctor import examine
from symphony_core.runtime.doctor_files import Finding
from symphony_core.runtime.samples import TAG
from symphony_core.runtime.settings import database_url
from symphony_core.worker_beat import WorkerBeat

VERSION = __version__
COUNTED = {
    "Runs": "workflow",
    "Steps": "step_run",
    "Events": "run_event",
    "Agents": "agent_config",
    "Workflows": "workflow_definition",
}
_KINDS = {"sqlite": "SQLite, one file", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class StorageView:
    """The store: its kind, its place, and its size and its disk's free bytes if they are known."""

    kind: str
    where: str
    is_file: bool
    size: int | None
    free: int | None


@dataclass(frozen=True)
class BackupView:
    """A backup in the data folder, and the command that puts it in the store's place."""

    path: Path
    size: int
    made_at: datetime
    command: str


@dataclass(frozen=True)
class WorkerView:
    """A worker that is alive."""

    name: str
    started_at: datetime
    active_runs: int


def storage_view() -> StorageView:
    """Return where the store is; it is not opened for that."""
    found = storage.storage_of(database_url())
    kind = _KINDS.get(found.kind, found.kind)
    return StorageView(kind, found.where, found.kind == "sqlite", found.size, found.free)


def row_counts() -> dict[str, int]:
    """Return how many rows the store has of what people know."""
    return {label: wait_for(store.repository(name).count()) for label, name in COUNTED.items()}


def find_problems() -> list[Finding]:
    """Look at the whole store, which reads all of it, and return what the doctor found."""
    return examine(database_url())


def back_up() -> Path:
    """Make a backup in the data folder, and return its file."""
    return storage.back_up_to_data_folder(database_url())


def list_backups() -> list[BackupView]:
    """Return the backups in the data folder, the newest first."""
    return [
        BackupView(*each, f"python -m symphony_core restore {shlex.quote(str(each.path))}")
        for each in storage.backups()
    ]


def old_runs(days: int) -> list[str]:
    """Return the ids of the runs that ended more than so many days ago, samples apart."""
    moment = utc_now() - timedelta(days=days)
    return wait_for(retention.runs_ended_before(store.registry(), moment, without=TAG))


def delete_runs(run_ids: list[str]) -> None:
    """Delete runs that have ended, with all that belongs to them."""
    wait_for(retention.delete_runs(store.registry(), run_ids))


def list_workers() -> list[WorkerView]:
    """Return the workers that are alive, the eldest first."""
    now = utc_now()
    beats: list[WorkerBeat] = wait_for(store.repository("worker_beat").find_all())
    alive = [beat for beat in beats if beat.takes_runs and beat.is_alive(now)]
    alive.sort(key=lambda beat: beat.started_at)
    return [WorkerView(beat.owner, beat.started_at, beat.active_runs) for beat in alive]
