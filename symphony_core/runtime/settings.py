"""Where everything is kept, as the environment says."""

import os
from pathlib import Path


def data_dir() -> Path:
    """Return the data folder: `SYMPHONY_DATA_DIR`, or `./data`."""
    return Path(os.environ.get("SYMPHONY_DATA_DIR") or "data").absolute()


def tools_file() -> Path:
    """Return the administrator's file of tools: `SYMPHONY_TOOLS`, or `tools.json` in the data folder."""
    chosen = os.environ.get("SYMPHONY_TOOLS")
    return Path(chosen).expanduser().absolute() if chosen else data_dir() / "tools.json"


def database_url() -> str:
    """Return the database's URL: `SYMPHONY_DATABASE_URL`, or SQLite in the data folder."""
    return os.environ.get("SYMPHONY_DATABASE_URL") or f"sqlite:///{data_dir() / 'symphony.db'}"
