"""Faults of the system under real stores: killed processes, failing disks, hostile ids."""

import asyncio
import json
import multiprocessing
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from symphony_core.errors import AlreadyStored, InvalidId
from symphony_core.persistence.database import Database
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.repository import Repository
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.run_lease import RunLease
from symphony_core.task import Task
from tests.support import strace
from tests.support.corpus import rows

STORES: dict[str, Callable[[type[Any], Path], Repository[Any]]] = {
    "memory": lambda entity_class, _: InMemoryRepository(entity_class),
    "file": FileSystemRepository,
    "sql": lambda entity_class, path: SQLModelRepository(entity_class, f"sqlite:///{path}/x.db"),
}
SAVE_OVER = (
    "import asyncio, sys\n"
    "from pathlib import Path\n"
    "from symphony_core.errors import StorageError\n"
    "from symphony_core.task import Task\n"
    "from tests.persistence.test_store_faults import STORES\n"
    "task = Task(id='a', name='new', description='x' * 200_000)\n"
    "try:\n"
    "    asyncio.run(STORES[sys.argv[1]](Task, Path(sys.argv[2])).save(task))\n"
    "except StorageError as error:\n"
    "    print(error)\n"
)
PATH_TRICKS = [
    "../outside",
    "..",
    ".",
    "/etc/passwd",
    "a/../../outside",
    "..\\outside",
    "C:\\outside",
    "outside\0",
    "%2e%2e%2foutside",
    ".lock",
    "x.json",
    "~",
    "~root",
    "$HOME",
    "CON ",
    "a\n",
    "\u202egnp",
    "a" * 65,
]


class Loose(BaseModel):
    """A plain model, which itself refuses no id."""

    id: Any


@pytest.fixture(params=["file", "sql"])
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    Database.close_all()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def save(kind: str, folder: Path, **fields: Any) -> None:
    asyncio.run(STORES[kind](Task, folder).save(Task(id="a", **fields)))


def the_only(kind: str, folder: Path) -> Task:
    [task] = asyncio.run(STORES[kind](Task, folder).find_all())
    return task


@pytest.mark.parametrize("calls", ["rename,renameat,renameat2", "write", "fsync"])
def test_a_process_killed_while_it_saves_a_file_leaves_the_old_one_whole(folder, calls) -> None:
    save("file", folder, name="old")
    killed = strace.python(SAVE_OVER, "file", folder, inject=f"{calls}:signal=KILL:when=1")
    assert killed.returncode < 0
    assert_old_and_then_tidy(folder)


def test_a_process_killed_at_the_second_write_of_a_file_leaves_the_old_one_whole(folder) -> None:
    save("file", folder, name="old")
    # The first write stops at the limit; the second gets the signal that Python would ignore.
    program = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n{SAVE_OVER}"
    )
    command = [sys.executable, "-c", program, "file", str(folder)]
    killed = subprocess.run(command, cwd=strace.ROOT, check=False, preexec_fn=no_core_dump)
    assert killed.returncode == -signal.SIGXFSZ
    assert [file.stat().st_size for file in (folder / "task").glob(".*.tmp")] == [100_000]
    assert_old_and_then_tidy(folder)


def no_core_dump() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def assert_old_and_then_tidy(folder: Path) -> None:
    assert the_only("file", folder).name == "old"
    assert STORES["file"](Task, folder).damaged() == []
    save("file", folder, name="newer")
    assert the_only("file", folder).name == "newer"
    assert sorted(file.name for file in (folder / "task").iterdir()) == [".lock", "a.json"]


@pytest.mark.parametrize(
    ("store", "fault"),
    [
        ("file", "fsync:error=EIO"),
        ("file", "write:error=ENOSPC:when=1+"),
        ("sql", "fdatasync,fsync:error=EIO"),
        ("sql", "pwrite64:error=ENOSPC"),
        ("sql", "pwrite64:error=EIO:when=3+"),
    ],
)
def test_a_failing_disk_is_an_error_and_keeps_what_was_there(folder, store, fault) -> None:
    save(store, folder, name="old")
    Database.close_all()
    if fault.startswith("write"):  # the program's own words are written too
        program = SAVE_OVER.replace("print(error)", "sys.exit(7)")
        assert strace.python(program, store, folder, inject=fault).returncode == 7
    else:
        failed = strace.python(SAVE_OVER, store, folder, inject=fault)
        assert failed.stdout.count("\n") == 1, failed.stderr
        assert "a.json" in failed.stdout or "x.db" in failed.stdout
    assert the_only(store, folder).name == "old"
    if store == "sql":
        with sqlite3.connect(folder / "x.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    save(store, folder, name="new")
    assert the_only(store, folder).name == "new"


async def test_a_database_that_is_locked_for_two_seconds_is_waited_for(folder) -> None:
    tasks = STORES["sql"](Task, folder)
    await tasks.save(Task(id="a", name="old"))
    other = sqlite3.connect(folder / "x.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    saving = asyncio.create_task(tasks.save(Task(id="b", name="new")))
    await asyncio.sleep(2)
    assert not saving.done()
    other.execute("COMMIT")
    other.close()
    await saving
    assert await tasks.count() == 2
    Database.close_all()


async def test_a_database_that_another_writes_is_waited_for_at_its_first_opening(folder) -> None:
    folder.mkdir(exist_ok=True)
    other = sqlite3.connect(folder / "x.db", isolation_level=None)  # as from a backup: no log yet
    other.execute("CREATE TABLE theirs (x)")
    other.execute("BEGIN IMMEDIATE")
    tasks = STORES["sql"](Task, folder)
    saving = asyncio.create_task(tasks.save(Task(id="a", name="new")))
    await asyncio.sleep(0.5)
    assert not saving.done()
    other.execute("COMMIT")
    other.close()
    await saving
    assert await tasks.count() == 1
    Database.close_all()


def insert(kind: str, folder: Path, mine: str, ready: Barrier, answers: Any) -> None:
    async def insert_all() -> list[bool]:
        tasks = STORES[kind](Task, folder)
        won = []
        for number in range(50):
            try:
                await tasks.insert(Task(id=f"t{number}", name=mine))
                won.append(True)
            except AlreadyStored:
                won.append(False)
        return won

    ready.wait()
    answers.put((mine, asyncio.run(insert_all())))


def test_an_id_is_given_to_one_of_two_processes(kind: str, folder) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready, answers = spawn.Barrier(2), spawn.Queue()
    inserters = [spawn.Process(target=insert, args=(kind, folder, n, ready, answers)) for n in "xy"]
    for inserter in inserters:
        inserter.start()
    won = dict(answers.get(timeout=30) for _ in inserters)
    for inserter in inserters:
        inserter.join()
    answers.close()
    tasks = asyncio.run(STORES[kind](Task, folder).find_all())
    names = {task.id: task.name for task in tasks}
    assert [won["x"][n] for n in range(50)] == [names[f"t{n}"] == "x" for n in range(50)]
    assert [x != y for x, y in zip(won["x"], won["y"], strict=True)] == [True] * 50


def hostile_ids() -> list[Any]:
    """The corpus's ids that are to be refused, and tricks with paths."""
    found: list[Any] = []
    for category in ("step-id", "workflow-id"):
        for row in rows("imports", category=category, expected="clear error"):
            doc = row["doc"]
            found += [doc["id"]] if category == "workflow-id" else [s["id"] for s in doc["steps"]]
    own = ["ok", "wf-1", "s1"]
    return [each for each in found if each not in own] + PATH_TRICKS


def snapshot(folder: Path) -> dict[str, object]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("store", STORES)
async def test_a_hostile_id_reaches_nothing_inside_or_outside(tmp_path, store: str) -> None:
    folder = tmp_path / "a" / "data"
    folder.mkdir(parents=True)
    outside = tmp_path / "a" / "outside.json"
    things = STORES[store](Loose, folder)
    await things.save(Loose(id="good"))
    outside.write_text(json.dumps({"schema_version": 1, "version": 1, "data": {"id": "outside"}}))
    before = {path: kept for path, kept in snapshot(tmp_path).items() if not is_log(path)}
    for entity_id in hostile_ids():
        for write in (things.save, things.insert, things.update):
            with pytest.raises(InvalidId):
                await write(Loose.model_construct(id=entity_id))
        for ask in (things.find_by_id, things.delete):
            with pytest.raises(InvalidId):
                await ask(entity_id)
    after = {path: kept for path, kept in snapshot(tmp_path).items() if not is_log(path)}
    assert after == before
    assert [thing.id for thing in await things.find_all()] == ["good"]
    Database.close_all()


@pytest.mark.parametrize("store", STORES)
async def test_an_id_that_went_past_the_entity_s_own_check_is_refused(tmp_path, store: str) -> None:
    leases = STORES[store](RunLease, tmp_path)
    hostile = RunLease(id="good", owner=None).model_copy(update={"id": "../outside"})
    for write in (leases.save, leases.insert, leases.update):
        with pytest.raises(InvalidId):
            await write(hostile)
    assert await leases.find_all() == []
    Database.close_all()


def is_log(path: str) -> bool:
    """Whether it is one of SQLite's files beside the database, which readers touch too."""
    return path.endswith(("-wal", "-shm"))


async def test_no_id_leads_through_a_link_in_the_folder(tmp_path, folder) -> None:
    tasks = STORES["file"](Task, folder)
    await tasks.save(Task(id="good", name="good"))
    outside = tmp_path / "outside.json"
    outside.write_text((folder / "task" / "good.json").read_text().replace("good", "link"))
    (folder / "task" / "link.json").symlink_to(outside)
    before = snapshot(tmp_path)[str(outside)]
    for ask in (tasks.save(Task(id="link", name="new")), tasks.find_by_id("link")):
        with pytest.raises(OSError, match="link"):
            await ask
    assert [task.id for task in await tasks.find_all()] == ["good"]
    assert await tasks.delete("link") is True  # the link, and not what it leads to
    assert snapshot(tmp_path)[str(outside)] == before


SAVE_TWENTY_TIMES = (
    "import asyncio, sys\n"
    "from pathlib import Path\n"
    "from symphony_core.persistence.repository import save_together\n"
    "from symphony_core.task import Task\n"
    "from symphony_core.worker_beat import WorkerBeat\n"
    "from tests.persistence.test_store_faults import STORES\n"
    "tasks, beats = (STORES['sql'](kind, Path(sys.argv[2])) for kind in (Task, WorkerBeat))\n"
    "task = (tasks, Task(id='b', name='new'))\n"
    "beat = (beats, WorkerBeat(id='a', owner='me'))\n"
    "asked = {'task': [task], 'beat': [beat], 'both': [beat, task]}[sys.argv[1]]\n"
    "async def save():\n"
    "    for i in range(2):\n"
    "        await beats.save(WorkerBeat(id=f'first{i}', owner='me'))\n"
    "    for _ in range(20):\n"
    "        await save_together(asked)\n"
    "    await beats.delete('a')\n"
    "    await tasks.save(Task(name='last'))\n"
    "asyncio.run(save())\n"
)


@pytest.mark.parametrize(("what", "waits"), [("task", 20), ("beat", 0), ("both", 20)])
def test_only_what_a_power_cut_must_not_undo_waits_for_the_disk(folder, what, waits) -> None:
    save("sql", folder, name="there")  # so that the tables are
    Database.close_all()
    synced = strace.count("fdatasync", folder / "log", SAVE_TWENTY_TIMES, what, folder)
    assert waits < synced <= waits + 5
