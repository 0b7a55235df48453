"""Copies of SQLite databases, made by SQLite itself while others go on writing."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from symphony_core.errors import StorageError
from symphony_core.persistence.folders import sync_folder
from symphony_core.persistence.sql_errors import storage_error


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment to a file that only its owner can read.

    The copy appears whole and checked under its name, or not at all; nothing is ever replaced.

    Raises:
        StorageError: the target exists, the source is damaged, or the disk failed.
    """
    if not source.is_file():
        raise StorageError(f"There is no database {str(source)!r} to copy.")
    with failures_named(source, target), temporary_beside(target) as temporary:
        copy_pages(source, temporary)
        check(temporary, f"The copy of {str(source)!r}")
        publish(temporary, target)


@contextmanager
def temporary_beside(target: Path) -> Iterator[Path]:
    """Give a new file in the target's folder that is gone afterwards, unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def copy_pages(source: Path, target: Path) -> None:
    """Copy all pages in one step; the copy is one file without a log beside it."""
    with closing(open_read_only(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open a database that must be there, so that nothing can be written through it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def check(path: Path, what: str) -> None:
    """Raise a `StorageError` if a database is damaged."""
    with closing(open_read_only(path)) as connection:
        [said] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise StorageError(f"{what} is damaged and was not kept: {said}. Use an older backup.")


def publish(temporary: Path, target: Path) -> None:
    """Give a file its name without replacing another."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise StorageError(
            f"There is a file {str(target)!r} already. Choose another name."
        ) from None
    except OSError:  # a file system without hard links, such as a USB stick's
        if target.exists():
            raise
        temporary.rename(target)
    sync_folder(target.parent)


def free_name(path: Path, why: str) -> Path:
    """Return a name beside a database that nothing has: `symphony.before-restore-2.db`."""
    number, name = 1, path.with_name(f"{path.stem}.{why}{path.suffix}")
    while name.exists():
        number += 1
        name = path.with_name(f"{path.stem}.{why}-{number}{path.suffix}")
    return name


@contextmanager
def failures_named(*paths: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of files into a `StorageError`."""
    names = " or ".join(repr(str(path)) for path in paths)
    try:
        yield
    except StorageError:
        raise
    except sqlite3.Error as error:
        raise storage_error(names, error) from error
    except OSError as error:
        raise StorageError(
            f"{names} cannot be read or written: {error.strerror or error}. "
            "Check the disk's free space and the permissions, then try again."
        ) from error
