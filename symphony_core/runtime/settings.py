"""Where everything is kept, as the environment says."""

import os
from pathlib import Path


def data_dir() -> Path:
    """Return the data folder: `SYMPHONY_DATA_DIR`, or `./data`."""
    return Path(os.environ.get("SYMPHONY_DATA_DIR") or "data").absolute()


def database_url() -> str:
    """Return the database's URL: `SYMPHONY_DATABASE_URL`, or SQLite in the data folder."""
    return os.environ.get("SYMPHONY_DATABASE_URL") or f"sqlite:///{data_dir() / 'symphony.db'}"
