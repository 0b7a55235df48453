"""The steps from each schema to the next, as Alembic's revision scripts in `versions`.

Only an upgrade loads this package. The revision is kept in `symphony_meta` and not in a table of
Alembic's own, because the first version of Symphony looks there for schemas it does not know.
"""

import threading
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_one_at_a_time = threading.Lock()  # the scripts' `op` is the process's own


def upgrade(connection: Connection, number: int) -> None:
    """Bring a database from a numbered revision to the newest; committing is the caller's."""
    scripts = ScriptDirectory(str(Path(__file__).parent))
    # Stores of the first schema made each table when it was first used: some may be missing.
    below = f"{number:04}" if number > 1 else "base"
    steps = [script.module for script in scripts.iterate_revisions("heads", below)]
    with _one_at_a_time, Operations.context(MigrationContext.configure(connection)):
        for step in reversed(steps):
            step.upgrade()
