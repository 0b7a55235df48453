"""Where writes are done: few in the event loop that asks for them, many and slow ones in a thread."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from symphony_core.persistence.database import Database, locate
from symphony_core.persistence.repository import save_together
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.persistence.sql_tables import table_for
from symphony_core.persistence.writes import Told
from symphony_core.task import Task

WRITER = "symphony-write"
TABLES = [table_for(Task)]


class Where:
    """A job that tells in which thread it is done."""

    def __init__(self, seconds: float = 0.0, *, is_short: bool = True) -> None:
        self.seconds = seconds
        self.is_short = is_short
        self.is_fleeting = False

    def run(self, connection: Connection) -> str:
        time.sleep(self.seconds)
        return threading.current_thread().name

    def undo(self) -> None:
        """Nothing is to be undone."""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield locate(f"sqlite:///{tmp_path}/x.db")
    Database.close_all()


async def opened(url: str) -> Database:
    """A database whose tables are there, and whose writer's thread has nothing to do."""
    await SQLModelRepository(Task, url).save(Task(id="first", name="first"))
    return Database.open(url)


def here() -> str:
    return threading.current_thread().name


async def test_a_lone_write_is_done_where_it_is_asked_for(url: str) -> None:
    database = await opened(url)
    assert [await database.write(Where(), TABLES) for _ in range(3)] == [here()] * 3


async def test_a_write_that_may_take_long_is_done_in_the_thread(url: str) -> None:
    database = await opened(url)
    assert await database.write(Where(is_short=False), TABLES) == WRITER
    tasks = SQLModelRepository(Task, url)
    many = [(tasks, Task(name="task", description="x" * 20_000)) for _ in range(500)]
    writing = asyncio.create_task(save_together(many))
    turns = 0
    while not writing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10  # the loop would have stood still meanwhile
    assert await tasks.count() == 501


async def test_many_writes_at_once_are_done_together_in_the_thread(url: str) -> None:
    database = await opened(url)
    done = await asyncio.gather(*(database.write(Where(), TABLES) for _ in range(20)))
    assert set(done) == {WRITER}


async def test_one_slow_write_changes_nothing_and_two_leave_the_loop_alone(url: str) -> None:
    database = await opened(url)
    for _ in range(5):  # a machine that is busy for a second has the loop write again
        await database.write(Where(seconds=0.03), TABLES)
        assert await database.write(Where(), TABLES) == here()
        for _ in range(2):
            await database.write(Where(seconds=0.03), TABLES)
        if await database.write(Where(), TABLES) == WRITER:
            break
    else:
        pytest.fail("the loop went on waiting for a slow disk")
    await asyncio.sleep(1.1)
    assert await database.write(Where(), TABLES) == here()


async def test_the_loop_goes_on_while_another_process_writes(url: str, tmp_path: Path) -> None:
    database = await opened(url)
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(database.write(Where(), TABLES))
    started = time.monotonic()
    for _ in range(10):
        await asyncio.sleep(0.01)
    assert time.monotonic() - started < 4  # a wait for the lock would take five
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    assert await writing == WRITER
    assert await database.write(Where(), TABLES) == here()


async def test_the_log_stays_short_under_many_lone_writes(url: str, tmp_path: Path) -> None:
    tasks = SQLModelRepository(Task, url)
    for number in range(700):
        await tasks.save(Task(id=f"t{number}", name="task", description="x" * 30_000))
    assert (tmp_path / "x.db").stat().st_size > 15_000_000
    assert (tmp_path / "x.db-wal").stat().st_size < 12_000_000


def test_what_a_stopped_loop_did_not_come_to_is_written_by_the_thread(url: str) -> None:
    told: list[Any] = []
    loop = asyncio.new_event_loop()
    database = loop.run_until_complete(opened(url))

    def begin_and_stop() -> None:
        database.begin_to_write(Where(), TABLES, Told(told.append, told.append))
        loop.stop()

    loop.call_soon(begin_and_stop)
    loop.run_forever()
    assert told == []
    database.close()  # as at the end of the program
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert told == [WRITER]


def test_loops_of_several_threads_write_without_losing_anything(url: str) -> None:
    async def write(name: str) -> None:
        tasks = SQLModelRepository(Task, url)
        for number in range(100):
            await tasks.insert(Task(id=f"{name}-{number}", name=name))

    threads = [threading.Thread(target=lambda n=n: asyncio.run(write(n))) for n in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asyncio.run(SQLModelRepository(Task, url).count()) == 300


async def test_a_closed_database_takes_nothing_more(url: str) -> None:
    database = await opened(url)
    database.close()
    with pytest.raises(RuntimeError, match="closed"):
        await database.write(Where(), TABLES)
