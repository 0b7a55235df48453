"""The works in DBOS on SQLite; run with DBOS's own environment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine, create_engine, event, text
from works import TEXT, Execute, Shape, tell


@DBOS.step()
async def step(seconds: float) -> str:
    if seconds:
        await asyncio.sleep(seconds)
    return TEXT


@DBOS.workflow()
async def row(steps: int) -> None:
    for _ in range(steps):
        await step(0.0)


@DBOS.workflow()
async def parallel(steps: int, seconds: float) -> list[str]:
    return await asyncio.gather(*(step(seconds) for _ in range(steps)))


class Dbos:
    def __init__(self, url: str) -> None:
        self._url = url

    def prepare(self, shape: Shape) -> Execute:
        async def execute() -> None:
            if shape.parallel:
                await parallel(shape.steps, shape.seconds)
            else:
                await row(shape.steps)

        return execute

    async def stored(self) -> int:
        with create_engine(self._url).connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM operation_outputs")).scalar())


@event.listens_for(Engine, "connect")
def _be_durable(connection: Any, _: object) -> None:
    """DBOS leaves SQLite's rollback journal, which is slower, and its default `synchronous`."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


@asynccontextmanager
async def open_dbos(folder: Path) -> AsyncIterator[Dbos]:
    url = f"sqlite:///{folder / 'dbos.db'}"
    config: DBOSConfig = {"name": "benchmark", "system_database_url": url, "log_level": "ERROR"}
    DBOS(config=config)
    DBOS.launch()
    try:
        yield Dbos(url)
    finally:
        DBOS.destroy()


if __name__ == "__main__":
    tell(open_dbos)
