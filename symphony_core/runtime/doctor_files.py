"""What the doctor sees of a database's files: sizes, permissions, and the disk they lie on."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from symphony_core.persistence.database import file_of

LEAST_FREE = 50_000_000  # bytes; a database also wants room for a copy of itself
LARGEST_LOG = 256_000_000  # SQLite itself keeps it at some 4 MB


class Finding(NamedTuple):
    """One thing that was looked at: whether it is sound, and a sentence."""

    check: str
    ok: bool
    text: str


def is_new(url: str) -> bool:
    """Tell whether a URL names a file that is not there; of a server nobody can say."""
    path = file_of(url)
    return path is not None and not path.exists()


def look_at_files(url: str) -> list[Finding]:
    """Return what there is to say of the files of a URL; of a server's there is nothing."""
    path = file_of(url)
    if path is None or not path.is_file():
        return []
    return [*_sizes(path), *_permissions(path)]


def megabytes(size: int) -> str:
    """Return a number of bytes as a person reads it."""
    return f"{size / 1e6:.1f} MB"


def _sizes(path: Path) -> Iterator[Finding]:
    size, log = path.stat().st_size, _size(path.with_name(f"{path.name}-wal"))
    yield Finding("size", True, f"The database has {megabytes(size)}.")
    text = f"The log beside it has {megabytes(log)}."
    if log > LARGEST_LOG:
        text += " Something keeps it from being written back: end what has long been reading."
    yield Finding("log", log <= LARGEST_LOG, text)
    free = shutil.disk_usage(path.parent).free
    is_enough = free >= max(LEAST_FREE, size)
    text = f"{megabytes(free)} are free on its disk."
    yield Finding("disk", is_enough, text if is_enough else f"{text} Free some space soon.")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _permissions(path: Path) -> Iterator[Finding]:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        text = f"Others than its owner can open the database (mode {mode:o}): chmod 600 {path}"
        yield Finding("permissions", False, text)
    elif not (os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)):
        text = f"This user cannot write the database {str(path)!r} or its folder."
        yield Finding("permissions", False, text)
    else:
        yield Finding("permissions", True, "Its owner, and nobody else, can open the database.")
