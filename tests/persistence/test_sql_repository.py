"""What is special to the database: transactions, its file, damage, locks and other processes."""

import asyncio
import multiprocessing
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from symphony_core.entity import Entity
from symphony_core.errors import AlreadyStored, Conflict, NotStorable, StorageError
from symphony_core.persistence.database import Database, locate
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.repository import save_together
from symphony_core.persistence.schema import CURRENT
from symphony_core.persistence.sql_repository import DamagedRow, SQLModelRepository
from symphony_core.run_event import RunEvent
from symphony_core.step_run import StepRun
from symphony_core.task import Task
from symphony_core.workflow import Workflow

PROCESSES, ROUNDS = 4, 100


class Book(Entity):
    """A user's class, with fields named like columns that are not fields."""

    body: str = ""
    folded_name: str = ""
    name: str = ""


class Page(BaseModel):
    """A plain model with a field named like the column for our version."""

    id: str
    version: str = ""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data" / "symphony.db"
    Database.close_all()


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}?timeout=0.3"


@pytest.fixture
def runs(url: str) -> SQLModelRepository[Workflow]:
    return SQLModelRepository(Workflow, url)


@pytest.fixture
def events(url: str) -> SQLModelRepository[RunEvent]:
    return SQLModelRepository(RunEvent, url)


def event(number: int) -> RunEvent:
    return RunEvent(run_id="r", number=number, type="started")


async def test_a_group_with_a_conflict_leaves_nothing(runs, events) -> None:
    await runs.save(run := Workflow(id="r", name="old"))
    await runs.save(await runs.find_by_id("r"))
    first = event(1)
    with pytest.raises(Conflict, match="workflow 'r'"):
        await save_together([(events, first), (runs, run), (events, event(2))])
    assert await events.find_all() == []
    assert (first.version, run.version) == (0, 1)


async def test_a_conflict_undoes_no_group_that_was_committed_with_it(runs, events) -> None:
    stale = Workflow(id="r", name="old")
    await runs.save(stale)
    await runs.save(await runs.find_by_id("r"))
    good = [[(events, event(n)), (runs, Workflow(name=str(n)))] for n in range(1, 50)]
    bad = [(events, event(100)), (runs, stale)]
    groups = [*good[:25], bad, *good[25:]]
    results = await asyncio.gather(*map(save_together, groups), return_exceptions=True)
    assert [result for result in results if result is not None] == [results[25]]
    assert isinstance(results[25], Conflict)
    assert await events.count() == 49
    assert await events.count({"number": 100}) == 0
    assert {entity.version for group in good for _, entity in group} == {1}


async def test_repositories_of_several_stores_are_written_in_order(runs, events) -> None:
    others = InMemoryRepository(Task)
    await save_together([(runs, Workflow(name="a")), (others, Task(name="b"))])
    assert (await runs.count(), await others.count()) == (1, 1)


async def test_two_writers_cannot_give_the_same_number_to_events(events) -> None:
    await events.save(event(1))
    with pytest.raises(Conflict):
        await events.save(event(1))
    with pytest.raises(NotStorable, match="too large"):
        await events.save(event(10**30))
    assert await events.count({"number": 10**30}) == 0
    assert await events.count() == 1


@pytest.mark.parametrize(
    "kept",
    [event(1), StepRun(id="s", run_id="r", path="p", step_id="s", name="n", type="task")],
    ids=lambda kept: type(kept).__name__,
)
async def test_what_is_kept_under_its_run_has_versions_too(url: str, runs, kept: Any) -> None:
    rows = SQLModelRepository(type(kept), url)
    await rows.insert(stale := kept.model_copy())
    with pytest.raises(AlreadyStored):
        await rows.insert(kept.model_copy())
    [current] = await rows.find_all({"run_id": "r", "id": kept.id})
    current.path = "elsewhere"
    await rows.save(current)
    assert await rows.versions({"run_id": "r"}) == {kept.id: 2}
    with pytest.raises(Conflict):
        await rows.save(stale)
    with pytest.raises(Conflict):
        await save_together([(runs, Workflow(name="a"))], unchanged=[(rows, stale)])
    await save_together([(runs, Workflow(name="b"))], unchanged=[(rows, current)])
    assert [run.name for run in await runs.find_all()] == ["b"]
    assert (await rows.find_by_id(kept.id)).path == "elsewhere"
    assert await rows.delete(kept.id)
    assert await rows.count() == 0


async def test_a_save_that_was_cancelled_can_be_repeated(runs) -> None:
    run = Workflow(id="r", name="a")
    await runs.save(run)
    for wait in (0, 0, 0.0001, 0.0003, 0.001):
        saving = asyncio.create_task(runs.save(run))
        await asyncio.sleep(wait)
        saving.cancel()
        await asyncio.gather(saving, return_exceptions=True)
        run.name += "a"
        await runs.save(run)
        assert await runs.find_all() == [run]
        assert await runs.versions() == {"r": run.version}


async def test_the_file_is_its_owners_and_survives_a_power_cut(runs, path) -> None:
    await runs.save(Workflow(name="a"))
    for file in (path, path.with_name("symphony.db-wal"), path.with_name("symphony.db-shm")):
        assert file.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT * FROM symphony_meta").fetchall() == [("schema", CURRENT)]
    connection.close()


async def test_closing_leaves_one_file_and_the_repository_opens_it_again(runs, path, url) -> None:
    await runs.save(Workflow(name="a"))
    assert Database.open(locate(url)) is Database.open(locate(url))
    Database.open(locate(url)).close()
    assert not path.with_name("symphony.db-wal").exists()
    assert await runs.count() == 1


def damage(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


async def test_a_damaged_row_is_named_and_hides_no_good_one(runs, path) -> None:
    for entity_id in ("bad", "fine"):
        await runs.save(Workflow(id=entity_id, name=entity_id))
    damage(path, "UPDATE workflow SET body = substr(body, 1, 20) WHERE id = 'bad'")
    for search in (runs.find_all, runs.find_page):
        assert [run.id for run in await search()] == ["fine"]
        [found] = runs.damaged()
        assert found == DamagedRow("workflow", "bad", found.reason)
    assert await runs.find_fields(["name"]) == [{"name": "fine"}]
    with pytest.raises(StorageError, match="'bad' in the table 'workflow'.*or delete it"):
        await runs.find_by_id("bad")
    assert await runs.versions({"name": "bad"}) == {"bad": 1}  # read without the body
    assert await runs.delete("bad") is True
    await runs.find_all()
    assert runs.damaged() == []


async def test_a_file_that_is_no_database_is_named(runs, path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match=r"symphony\.db.*is not a database"):
        await runs.find_all()
    assert path.read_bytes() == b"no database" * 1000


async def test_a_place_for_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path, tmp_path / "file" / "symphony.db"):
        with pytest.raises(StorageError, match=str(place)):
            await SQLModelRepository(Task, f"sqlite:///{place}").save(Task(name="a"))
    Database.close_all()


async def test_a_locked_database_is_waited_for_a_while(runs, path) -> None:
    run = Workflow(id="r", name="a")
    await runs.save(run)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    saving = asyncio.create_task(runs.save(run))
    await asyncio.sleep(0.1)
    assert await runs.count() == 1  # readers do not wait
    other.execute("ROLLBACK")
    await saving
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match="locked"):
        await runs.save(run)
    other.execute("ROLLBACK")
    other.close()
    await runs.save(run)


async def test_a_full_disk_is_an_error_and_work_goes_on_when_there_is_space(runs, path) -> None:
    await runs.save(run := Workflow(id="r", name="a"))
    run.description = "x" * 3_000_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(StorageError, match="is full"):
            await runs.save(run)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert run.version == 1
    assert (await runs.find_by_id("r")).description == ""
    await runs.save(run)
    assert await runs.find_by_id("r") == run


async def test_a_class_without_a_table_gets_one(url: str, path: Path) -> None:
    books, pages = SQLModelRepository(Book, url), SQLModelRepository(Page, url)
    await books.save(Book(id="b", name="Ä", body="x", folded_name="y"))
    await pages.save(Page(id="p", version="first"))
    assert [book.id for book in await books.find_all({"body": "x", "folded_name": "y"})] == ["b"]
    assert await books.count(search="ä") == 1
    assert [page.id for page in await pages.find_page({"version": "first"})] == ["p"]
    assert await pages.versions() == {"p": 1}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:x?mode=memory&uri=true", "names no file"),
        ("no url", "is like 'sqlite:///"),
        ("nonsense://user:secret@host/x", "no driver for 'nonsense'"),
    ],
)
async def test_a_url_that_cannot_be_used_is_refused_without_its_password(url, said) -> None:
    with pytest.raises(StorageError, match=said) as refused:
        await SQLModelRepository(Task, url).find_all()
    assert "secret" not in str(refused.value)


def count_up(url: str) -> None:
    async def work() -> None:
        runs = SQLModelRepository(Workflow, url)
        steps = SQLModelRepository(StepRun, url)
        done = 0
        while done < ROUNDS:
            run = await runs.find_by_id("shared")
            assert run is not None
            run.steps_done += 1
            step = StepRun(run_id="shared", path="p", step_id="s", name="n", type="task")
            try:
                await save_together([(steps, step), (runs, run)])
            except Conflict:
                continue
            done += 1

    asyncio.run(work())


async def test_four_processes_lose_no_update(path: Path) -> None:
    url = f"sqlite:///{path}"
    runs = SQLModelRepository(Workflow, url)
    await runs.save(Workflow(id="shared", name="counter"))
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=count_up, args=[url]) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        await asyncio.to_thread(worker.join)
    shared = await runs.find_by_id("shared")
    assert shared is not None
    assert shared.steps_done == PROCESSES * ROUNDS
    assert await SQLModelRepository(StepRun, url).count() == PROCESSES * ROUNDS


def test_a_process_that_closes_nothing_ends_quietly(path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from symphony_core.persistence.sql_repository import SQLModelRepository\n"
        "from symphony_core.task import Task\n"
        "tasks = SQLModelRepository(Task, sys.argv[1])\n"
        "for _ in range(3): asyncio.run(tasks.save(Task(name='a')))\n"
        "print(asyncio.run(tasks.count()))\n"
    )
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program, f"sqlite:///{path}"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("3\n", "", 0)
    assert [file.name for file in path.parent.iterdir()] == ["symphony.db"]
