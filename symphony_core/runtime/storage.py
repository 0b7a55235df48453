"""Where the store is, how large it is, and the backups that were made of it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import make_url

from symphony_core.errors import StorageError
from symphony_core.ids import Clock, utc_now
from symphony_core.persistence.backups import back_up
from symphony_core.persistence.database import file_of
from symphony_core.runtime.settings import data_dir


class Storage(NamedTuple):
    """A store's place and kind; `size` and `free`, in bytes, are known of a file only."""

    kind: str
    where: str
    size: int | None = None
    free: int | None = None


class Backup(NamedTuple):
    """A backup in the data folder."""

    path: Path
    size: int
    made_at: datetime


def storage_of(url: str) -> Storage:
    """Return where the store at a URL is; without its password."""
    path = file_of(url)
    if path is None:
        server = make_url(url)
        return Storage(server.get_backend_name(), server.render_as_string(hide_password=True))
    files = [path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))]
    size = sum(file.stat().st_size for file in files if file.exists())
    return Storage("sqlite", str(path), size, shutil.disk_usage(path.parent).free)


def back_up_to_data_folder(url: str, clock: Clock = utc_now) -> Path:
    """Make a backup of the store at a URL in the data folder, and return its file.

    Raises:
        StorageError: it could not be made.
    """
    folder = _folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {str(folder)!r} cannot be made: {error.strerror}."
        ) from None
    target = folder / f"symphony-{clock():%Y-%m-%d-%H%M%S}.db"
    back_up(url, target)
    return target


def backups() -> list[Backup]:
    """Return the backups in the data folder, the newest first."""
    found = []
    for path in _folder().glob("*.db"):
        stat = path.stat()
        found.append(Backup(path, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC)))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def _folder() -> Path:
    return data_dir() / "backups"
