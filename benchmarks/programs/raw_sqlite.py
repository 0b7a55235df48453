"""The least that storing costs: one commit a step, and nothing around it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from works import TEXT, Execute, Shape, tell


class RawSqlite:
    """Rows of the steps' texts; parallel steps have all slept before the first is stored."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def prepare(self, shape: Shape) -> Execute:
        async def execute() -> None:
            await asyncio.sleep(shape.seconds)
            for _ in range(shape.steps):
                self._connection.execute("INSERT INTO step (result) VALUES (?)", (TEXT,))
                self._connection.commit()

        return execute

    async def stored(self) -> int:
        found = self._connection.execute("SELECT count(*) FROM step WHERE result = ?", (TEXT,))
        return int(found.fetchone()[0])


@asynccontextmanager
async def open_raw(folder: Path) -> AsyncIterator[RawSqlite]:
    connection = sqlite3.connect(folder / "raw.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE step (id INTEGER PRIMARY KEY, result TEXT)")
    yield RawSqlite(connection)
    connection.close()


if __name__ == "__main__":
    tell(open_raw)
