"""Stores of older versions open, whatever happens meanwhile; those of newer ones are left alone."""

import asyncio
import json
import multiprocessing
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect

from symphony_core.errors import StorageError
from symphony_core.persistence.database import Database
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.persistence.schema import CURRENT
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.persistence.sql_tables import BUILT_IN
from symphony_core.task import Task
from symphony_core.workflow import Workflow
from tests.support import strace
from tests.support.old_store import CLASSES, contents, repositories

DATA = Path(__file__).parent.parent / "data"
V1 = DATA / "v1"
VERSIONS = [1, 2, 3, 6, 8]
SAME_BODIES = 8  # workers of this version can go on beside those of today
OF_THE_FIRST_SCHEMA = set(BUILT_IN) - {
    "symphony_meta",
    "approval",
    "workflow_draft",
    "workflow_version",
    "agent_version",
    "model_profile",
    "store_settings",
}
OPEN = (
    "import asyncio, sys\n"
    "from symphony_core.persistence.sql_repository import SQLModelRepository\n"
    "from symphony_core.task import Task\n"
    "print(asyncio.run(SQLModelRepository(Task, f'sqlite:///{sys.argv[1]}').count()))\n"
)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """A database of the first schema."""
    yield put(1, tmp_path)
    Database.close_all()


def put(version: int, folder: Path) -> Path:
    path = folder / "old" / "symphony.db"
    path.parent.mkdir()
    shutil.copy(DATA / f"v{version}" / "symphony.db", path)
    return path


def expected(version: int = 1) -> dict[str, Any]:
    """What the old stores hold, in the fields of today."""
    kept = json.loads((DATA / f"v{version}" / "contents.json").read_text(encoding="utf-8"))
    return {
        name: [today(kind, row) for row in kept.get(name, [])] for name, kind in CLASSES.items()
    }


def today(entity_class: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    data = dict(row)
    version = data.pop("version")
    return {"version": version, **entity_class.model_validate(data).model_dump(mode="json")}


def upgraded(version: int = 1) -> dict[str, Any]:
    """What the upgraded database holds: leases are worthless to a version that stores otherwise."""
    return expected(version) | ({"run_lease": []} if version < SAME_BODIES else {})


def look(path: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)  # leaves no log beside it
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*before-upgrade*"))


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


async def assert_upgraded(path: Path, version: int = 1) -> None:
    """Everything is there, and whole copies of the database as it was."""
    assert await contents(repositories(f"sqlite:///{path}")) == upgraded(version)
    Database.close_all()
    assert look(path, "PRAGMA integrity_check") == [("ok",)]
    assert look(path, "SELECT value FROM symphony_meta") == [(CURRENT,)]
    assert copies(path)
    for copy in copies(path):
        assert dump(copy) == dump(DATA / f"v{version}" / "symphony.db")
    left = {file.name for file in path.parent.iterdir()} - {file.name for file in copies(path)}
    assert left == {"symphony.db"}


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_old_database_is_copied_and_opens_with_everything_in_it(
    tmp_path: Path, version: int
) -> None:
    old = put(version, tmp_path)
    await assert_upgraded(old, version)
    [copy] = copies(old)
    assert copy.name == f"symphony.before-upgrade-{version}.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    await assert_upgraded(old, version)
    assert copies(old) == [copy]  # not upgraded twice
    Database.close_all()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_folder_of_old_files_opens_with_everything_in_it(
    tmp_path: Path, version: int
) -> None:
    shutil.copytree(DATA / f"v{version}" / "files", tmp_path / "files")
    stores = {n: FileSystemRepository(c, tmp_path / "files") for n, c in CLASSES.items()}
    found = await contents(stores)
    for row in (row for rows in found.values() for row in rows):
        row["version"] -= 1  # the files were copied from the database, which counted as a save
    assert found == expected(version)
    assert all(store.damaged() == [] for store in stores.values())


@pytest.mark.parametrize("used", ["all", "only tasks", "nothing"])
async def test_an_upgraded_database_is_like_a_new_one(old, used: str) -> None:
    keep = {"all": set(BUILT_IN), "only tasks": {"task"}, "nothing": set()}[used]
    for name in OF_THE_FIRST_SCHEMA - keep:
        change(old, f"DROP TABLE {name}")  # the first schema's tables were made when first used
    new = old.with_name("new.db")
    for path in (old, new):
        await SQLModelRepository(Task, f"sqlite:///{path}").count()
    assert shapes(old) == shapes(new)
    assert set(shapes(new)) == set(BUILT_IN)


async def test_runs_that_a_tag_called_tries_are_tries(old) -> None:
    [[tagged], *_] = look(old, "SELECT id FROM workflow ORDER BY id")
    tags = "json_set(body, '$.tags', json('[\"tried\", \"mine\"]'))"
    change(old, f"UPDATE workflow SET body = {tags} WHERE id = '{tagged}'")
    runs = SQLModelRepository(Workflow, f"sqlite:///{old}")
    [run] = await runs.find_all({"purpose": "try"})
    assert (run.id, run.purpose, run.tags) == (tagged, "try", ["mine"])
    assert await runs.count({"purpose": "work"}) == len(expected()["workflow"]) - 1


def shapes(path: Path) -> dict[str, Any]:
    engine = create_engine(f"sqlite:///{path}")
    found = inspect(engine)
    all_shapes = {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)],
            found.get_pk_constraint(table)["constrained_columns"],
            sorted((str(i["name"]), i["column_names"]) for i in found.get_indexes(table)),
            [u["column_names"] for u in found.get_unique_constraints(table)],
        )
        for table in BUILT_IN
    }
    engine.dispose()
    return all_shapes


async def test_no_copy_is_ever_replaced(old) -> None:
    earlier = old.with_name("symphony.before-upgrade-1.db")
    earlier.write_bytes(b"somebody's")
    await SQLModelRepository(Task, f"sqlite:///{old}").count()
    assert earlier.read_bytes() == b"somebody's"
    assert dump(old.with_name("symphony.before-upgrade-1-2.db")) == dump(V1 / "symphony.db")


@pytest.mark.parametrize("share", [0.1, 0.4, 0.8, 0.9, 0.97])
async def test_a_process_killed_while_it_writes_loses_nothing(
    old, share: float, writes: int
) -> None:
    point = f"pwrite64:signal=KILL:when={round(writes * share)}"
    assert strace.python(OPEN, old, inject=point).returncode < 0
    await assert_upgraded(old)


@pytest.mark.parametrize("call", ["link", "fsync"])
async def test_a_process_killed_around_the_copy_loses_nothing(old, call: str) -> None:
    assert strace.python(OPEN, old, inject=f"{call}:signal=KILL:when=1").returncode < 0
    await assert_upgraded(old)


@pytest.fixture(scope="module")
def writes(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How often an upgrade writes."""
    folder = tmp_path_factory.mktemp("counted")
    shutil.copy(V1 / "symphony.db", folder)
    return strace.count("pwrite64", folder / "log", OPEN, folder / "symphony.db")


async def test_what_cannot_be_copied_is_not_upgraded(old) -> None:
    before = old.read_bytes()
    failed = strace.python(OPEN, old, inject="pwrite64:error=ENOSPC:when=3+")
    assert "StorageError" in failed.stderr
    assert "is full" in failed.stderr
    assert old.read_bytes() == before
    assert copies(old) == []
    await assert_upgraded(old)


async def test_a_damaged_database_is_not_upgraded(old) -> None:
    content = bytearray(old.read_bytes())
    content[4096 * 5 : 4096 * 30] = bytes(4096 * 25)
    old.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        await SQLModelRepository(Task, f"sqlite:///{old}").count()
    Database.close_all()
    assert old.read_bytes() == content
    assert copies(old) == []


def open_at_once(path: Path, ready: Barrier) -> None:
    ready.wait()
    found = asyncio.run(contents(repositories(f"sqlite:///{path}")))
    assert found == upgraded()


@pytest.mark.parametrize("is_new", [False, True], ids=["old", "new"])
async def test_processes_that_open_a_database_at_once_all_go_on(old, is_new: bool) -> None:
    if is_new:
        old.unlink()
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(3)
    target = open_new_at_once if is_new else open_at_once
    openers = [spawn.Process(target=target, args=(old, ready)) for _ in range(3)]
    for opener in openers:
        opener.start()
    for opener in openers:
        await asyncio.to_thread(opener.join)
    assert [opener.exitcode for opener in openers] == [0, 0, 0]
    if not is_new:
        assert len(copies(old)) == 1
        await assert_upgraded(old)


def open_new_at_once(path: Path, ready: Barrier) -> None:
    ready.wait()
    asyncio.run(SQLModelRepository(Task, f"sqlite:///{path}").save(Task(name="a")))


async def test_another_s_upgrade_is_waited_for_longer_than_anything_else(old) -> None:
    other = sqlite3.connect(old, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    tasks = SQLModelRepository(Task, f"sqlite:///{old}?timeout=0.1")
    opening = asyncio.create_task(tasks.count())
    await asyncio.sleep(0.5)
    assert not opening.done()
    other.execute("ROLLBACK")
    assert await opening == len(expected()["task"])
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        await tasks.save(Task(name="a"))
    other.close()


@pytest.mark.parametrize("found", [str(int(CURRENT) + 1), "1000", "0", "next"])
async def test_a_newer_database_is_left_byte_for_byte(old, found: str) -> None:
    change(old, "PRAGMA journal_mode = DELETE")
    change(old, f"UPDATE symphony_meta SET value = '{found}'")
    before = old.read_bytes()
    tasks = SQLModelRepository(Task, f"sqlite:///{old}")
    for ask in (tasks.count(), tasks.save(Task(name="b"))):
        with pytest.raises(
            StorageError, match=f"symphony.db.*schema is {found}, .* up to {CURRENT}"
        ):
            await ask
    assert old.read_bytes() == before
    assert [file.name for file in old.parent.iterdir()] == ["symphony.db"]


def test_only_an_upgrade_loads_alembic(old) -> None:
    program = f"{OPEN}print('alembic' in sys.modules)\n"
    for loaded in ("True", "False"):
        command = [sys.executable, "-c", program, str(old)]
        opened = subprocess.run(command, capture_output=True, text=True, check=True)
        assert opened.stdout.split() == [str(len(expected()["task"])), loaded]
