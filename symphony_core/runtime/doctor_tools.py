"""What the doctor sees of the file of tools; it starts no server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from symphony_core.errors import ToolUnavailable
from symphony_core.runtime.doctor_files import Finding
from symphony_core.tools.settings import ServerEntry, read


def look_at_tools(file: Path) -> Iterator[Finding]:
    """Yield what there is to say of the file, and of each server in it."""
    if not file.exists():
        yield Finding("tools", True, f"There is no file of tools {str(file)!r}.")
        return
    try:
        settings = read(file)
    except ToolUnavailable as error:
        yield Finding("tools", False, str(error))
        return
    text = (
        f"{str(file)!r}: servers {len(settings.servers)}, functions {len(settings.functions)}, "
        f"addresses that may be fetched {len(settings.fetch.allow)}."
    )
    yield Finding("tools", True, text)
    for name, entry in settings.servers.items():
        if problem := _problem(entry):
            yield Finding("tools", False, f"The server {name!r}: {problem}.")


def _problem(entry: ServerEntry) -> str | None:
    if entry.command and shutil.which(entry.command) is None:
        return f"there is no command {entry.command!r}"
    needed = (*entry.env, *((entry.token_env,) if entry.token_env else ()))
    missing = [name for name in needed if name not in os.environ]
    return f"{' and '.join(missing)} must be set" if missing else None
