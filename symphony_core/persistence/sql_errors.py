"""What database drivers say, and what it means for a person."""

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from symphony_core.errors import StorageError

_MEANINGS = {
    "is full": "The disk of the database {name} is full. Free some space, then try again.",
    "disk I/O": "The disk of the database {name} fails or is full. Check it, then try again.",
    "is locked": "Another program keeps the database {name} locked. End it, or try again later.",
    "malformed": "The database {name} is damaged. Stop what uses it and restore it from a backup.",
    "not a database": "The file {name} is not a database. Move it away, or restore it from a backup.",
    "readonly": "The database {name} is read-only. Change its permissions, then try again.",
    "unable to open": "The database {name} cannot be opened. Check its folder's permissions.",
}


def errors_of(engine: Engine) -> tuple[type[Exception], ...]:
    """Return what is raised by a database's driver, and by SQLAlchemy for it."""
    return SQLAlchemyError, engine.dialect.loaded_dbapi.Error


def storage_error(name: str, error: Exception) -> StorageError:
    """Return a driver's error, SQLAlchemy's or its own, in words that name the database."""
    said = str(getattr(error, "orig", None) or error)
    for sign, meaning in _MEANINGS.items():
        if sign in said:
            return StorageError(meaning.format(name=name))
    return StorageError(f"The database {name} could not be read or written: {said}.")


def no_driver(url: URL) -> StorageError:
    """Return what is to be said where the driver of a URL is not installed, or does not exist."""
    return StorageError(f"There is no driver for {url.drivername!r} databases here.")


def name_of(url: URL) -> str:
    """Return how a database is named in errors: by its file, or by its URL without the password."""
    return repr(url.database if url.get_backend_name() == "sqlite" else str(url))
