"""The store of files: one readable JSON file an entity, one folder a class.

A file is replaced whole or not at all; a lock keeps threads and processes from writing at once.
"""

import asyncio
import logging
import os
import re
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, Literal, NamedTuple, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from symphony_core.errors import StorageError
from symphony_core.persistence.folders import sync_folder
from symphony_core.persistence.repository import Repository, T
from symphony_core.persistence.selection import Selection
from symphony_core.persistence.writes import Write, check_id, first_reason, id_of, set_version

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_SECONDS = 10.0

# No link is followed and no pipe is waited for; Windows has neither flag.
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

_log = logging.getLogger(__name__)


class DamagedFile(NamedTuple):
    """A file in the store's folder that is not a readable entity, and why."""

    path: Path
    reason: str


class _Envelope(BaseModel, Generic[T]):
    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1]
    version: int = Field(ge=1)
    data: T


class FileSystemRepository(Repository[T]):
    """Keeps entities in `folder/<class name>/<id>.json`; several processes may share the folder."""

    def __init__(self, entity_class: type[T], folder: str | os.PathLike[str]) -> None:
        super().__init__(entity_class)
        self._folder = Path(folder).absolute() / self.name
        self._envelope = cast("type[_Envelope[T]]", _Envelope.__class_getitem__(entity_class))
        self._damaged: list[DamagedFile] = []
        self._lock = threading.Lock()
        self._is_tidy = False

    def damaged(self) -> list[DamagedFile]:
        """Return the files that the latest look at the whole folder could not read."""
        return list(self._damaged)

    async def find_by_id(self, entity_id: str) -> T | None:
        """Return the entity, or None; `StorageError` if its file is damaged."""
        found = await asyncio.to_thread(self._find, check_id(entity_id))
        return found[0] if found else None

    async def delete(self, entity_id: str) -> bool:
        """Delete the entity's file, damaged or not, and tell whether there was one."""
        return await asyncio.to_thread(self._delete, check_id(entity_id))

    async def _put(self, write: Write) -> bool:
        return await asyncio.to_thread(self._write, write)

    async def _scan(self, selection: Selection) -> list[tuple[T, int]]:
        return await asyncio.to_thread(self._read_all, selection)

    def _path(self, entity_id: str) -> Path:
        # Capitals are marked, so that ids that differ by case alone do so in every file system.
        name = re.sub("[A-Z]", r"+\g<0>", entity_id).lower()
        return self._folder / f"{name}.json"

    def _find(self, entity_id: str) -> tuple[T, int] | None:
        path = self._path(entity_id)
        with _failures_named(path):
            found = self._read(path)
        if isinstance(found, DamagedFile):
            raise StorageError(
                f"The file {str(path)!r} does not hold a readable {self.kind}: {found.reason}. "
                "Restore it from a backup, or delete it."
            )
        return found

    def _delete(self, entity_id: str) -> bool:
        path = self._path(entity_id)
        with _failures_named(path), self._locked():
            try:
                path.unlink()
            except FileNotFoundError:
                return False
            sync_folder(self._folder)
        return True

    def _write(self, write: Write) -> bool:
        path = self._path(write.id)
        with _failures_named(path), self._locked():
            found = self._find(write.id)
            version = write.next_version(found[1] if found else None)
            if version is None:
                return False
            text = f'{{"schema_version": 1, "version": {version}, "data": {write.body}}}'
            envelope = self._envelope.model_validate_json(text)
            _replace(path, envelope.model_dump_json(indent=2).encode() + b"\n")
            set_version(write.entity, version)
        return True

    def _read_all(self, selection: Selection) -> list[tuple[T, int]]:
        entries = [self._read_or_damaged(path) for path in self._paths()]
        damaged = [entry for entry in entries if isinstance(entry, DamagedFile)]
        for entry in damaged:
            if entry not in self._damaged:
                _log.warning("%s is not a readable %s: %s", entry.path, self.kind, entry.reason)
        self._damaged = damaged
        found = [entry for entry in entries if entry and not isinstance(entry, DamagedFile)]
        return [entry for entry in found if selection.matches(entry[0])]

    def _paths(self) -> list[Path]:
        with _failures_named(self._folder):
            self._refuse_link()
            try:
                return sorted(path for path in self._folder.iterdir() if path.suffix == ".json")
            except FileNotFoundError:
                return []

    def _read_or_damaged(self, path: Path) -> tuple[T, int] | DamagedFile | None:
        try:
            return self._read(path)
        except OSError as error:
            return DamagedFile(path, error.strerror or str(error))

    def _read(self, path: Path) -> tuple[T, int] | DamagedFile | None:
        self._refuse_link()
        try:
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                return DamagedFile(path, "it is a link, and links are not followed")
            if not stat.S_ISREG(mode):
                return DamagedFile(path, "it is not a file")
            handle = os.open(path, os.O_RDONLY | _SAFELY)
        except FileNotFoundError:
            return None
        with os.fdopen(handle, "rb") as file:
            return self._parse(path, file.read())

    def _parse(self, path: Path, content: bytes) -> tuple[T, int] | DamagedFile:
        try:
            envelope = self._envelope.model_validate_json(content)
        except ValidationError as error:
            return DamagedFile(path, first_reason(error))
        entity, version = envelope.data, envelope.version
        if self._path(id_of(entity)) != path:
            return DamagedFile(
                path, f"it holds the id {id_of(entity)!r:.80}, which has another file"
            )
        set_version(entity, version)
        return entity, version

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._folder.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self._folder.parent)
        self._refuse_link()
        lock_path = self._folder / ".lock"
        with (
            self._lock,
            os.fdopen(os.open(lock_path, os.O_RDWR | os.O_CREAT | _SAFELY, 0o600)) as lock,
        ):
            _wait_for(lock.fileno(), lock_path)
            self._tidy()
            yield

    def _tidy(self) -> None:
        """Remove what a process that died while writing has left; under the lock nobody writes."""
        if not self._is_tidy:
            for path in self._folder.glob(".*.tmp"):
                path.unlink()
            self._is_tidy = True

    def _refuse_link(self) -> None:
        if self._folder.is_symlink():
            raise StorageError(
                f"The folder {str(self._folder)!r} is a link, and links are not followed. "
                "Put a folder in its place."
            )


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _wait_for(handle: int, path: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while not _try_lock(handle):
        if time.monotonic() > deadline:
            raise StorageError(
                f"{str(path)!r} was held by another process for {LOCK_SECONDS:.0f} seconds. "
                "End that process, or try again."
            )
        time.sleep(0.002)


def _try_lock(handle: int) -> bool:
    """Lock a file for all other openings of it, until it is closed."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter is Windows' way to say it
        return False
    return True


@contextmanager
def _failures_named(path: Path) -> Iterator[None]:
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise StorageError(
            f"{str(path)!r} cannot be read or written: {error.strerror or error}. "
            "Check the disk's free space and the permissions, then try again."
        ) from error
