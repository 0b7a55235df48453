"""What is special to files: their form, damage, links, crashes and other processes."""

import asyncio
import fcntl
import json
import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from symphony_core.errors import Conflict, NotStorable, StorageError
from symphony_core.persistence.file_repository import DamagedFile, FileSystemRepository
from symphony_core.step_run import StepRun
from symphony_core.task import Task
from symphony_core.workflow import Workflow

PROCESSES, ROUNDS = 4, 100


@pytest.fixture
def tasks(tmp_path: Path) -> FileSystemRepository[Task]:
    return FileSystemRepository(Task, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "task"


async def test_a_file_is_readable_json_that_only_its_owner_can_read(tasks, folder) -> None:
    await tasks.save(Task(id="a1", name="Ä 😀"))
    path = folder / "a1.json"
    text = path.read_text(encoding="utf-8")
    envelope = json.loads(text)
    assert envelope["schema_version"] == envelope["version"] == 1
    assert envelope["data"]["name"] == "Ä 😀"
    assert '\n    "name": "Ä 😀"' in text
    assert path.stat().st_mode & 0o777 == 0o600


async def test_every_class_has_a_folder_of_its_own(tmp_path: Path) -> None:
    await FileSystemRepository(StepRun, tmp_path / "new" / "data").save(
        StepRun(id="x", run_id="r", path="p", step_id="s", name="n", type="task")
    )
    await FileSystemRepository(Task, str(tmp_path / "new" / "data")).save(Task(id="x", name="a"))
    assert contents(tmp_path / "new" / "data") == ["step_run", "task"]
    assert contents(tmp_path / "new" / "data" / "task") == [".lock", "x.json"]


async def test_names_stay_different_where_case_is_not(tasks, folder) -> None:
    ids = ["ab", "aB", "Ab", "AB", "a-b_0"]
    for entity_id in ids:
        await tasks.save(Task(id=entity_id, name="x"))
    files = [path.name for path in folder.glob("*.json")]
    assert len({name.casefold() for name in files}) == len(ids)
    assert "a-b_0.json" in files


async def test_a_relative_folder_stays_where_it_was(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    tasks = FileSystemRepository(Task, "./data")
    await tasks.save(Task(id="a", name="x"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert await tasks.count() == 1


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def flip(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:40] + bytes(byte ^ 0xFF for byte in content[40:60]) + content[60:])


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_link(path: Path) -> None:
    outside = path.parent.parent / "outside.json"
    path.rename(outside)
    path.symlink_to(outside)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "empty": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(300)),
    "flipped": flip,
    "folder": make_folder,
    "pipe": make_pipe,
    "link": make_link,
    "other schema": lambda path: path.write_text(path.read_text().replace(": 1,", ": 2,", 1)),
    "no envelope": lambda path: path.write_text(json.dumps({"id": "bad", "name": "x"})),
    "other encoding": lambda path: path.write_text(path.read_text(), encoding="utf-16"),
    "other id": lambda path: path.write_text(path.read_text().replace('"bad"', '"good"')),
    "invalid field": lambda path: path.write_text(path.read_text().replace("pending", "nope")),
    "NaN version": lambda path: path.write_text(
        path.read_text().replace('n": 1,\n  "d', 'n": 0,\n  "d')
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_file_is_named_and_hides_no_good_one(tasks, folder, damage: str) -> None:
    for entity_id in ("bad", "fine"):
        await tasks.save(Task(id=entity_id, name=entity_id))
    path = folder / "bad.json"
    DAMAGES[damage](path)
    assert [task.id for task in await tasks.find_all()] == ["fine"]
    assert [task.id for task in await tasks.find_page()] == ["fine"]
    [found] = tasks.damaged()
    assert found == DamagedFile(path, found.reason)
    assert found.reason
    for ask in (tasks.find_by_id("bad"), tasks.save(Task(id="bad", name="new"))):
        with pytest.raises(
            StorageError, match=r"bad\.json.*Restore it from a backup, or delete it"
        ):
            await ask
    if damage == "folder":
        with pytest.raises(StorageError, match=r"bad\.json"):
            await tasks.delete("bad")
        path.rmdir()
    else:
        assert await tasks.delete("bad") is True
    assert await tasks.count() == 1
    assert tasks.damaged() == []


async def test_what_a_link_points_to_is_neither_read_nor_deleted(tasks, folder, tmp_path) -> None:
    await tasks.save(Task(id="bad", name="secret"))
    make_link(folder / "bad.json")
    assert await tasks.find_all() == []
    assert await tasks.delete("bad") is True
    assert (tmp_path / "outside.json").exists()


async def test_a_folder_that_is_a_link_is_refused(tasks, folder, tmp_path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder.symlink_to(outside)
    for ask in (tasks.find_all(), tasks.find_by_id("a"), tasks.save(Task(id="a", name="x"))):
        with pytest.raises(StorageError, match="is a link"):
            await ask
    assert list(outside.iterdir()) == []


async def test_what_a_crash_left_is_ignored_and_removed(tasks, folder, tmp_path) -> None:
    await tasks.save(Task(id="a", name="x"))
    (folder / ".abc.tmp").write_text('{"schema_')
    later = FileSystemRepository(Task, tmp_path)
    assert await later.count() == 1
    assert later.damaged() == []
    await later.save(Task(id="b", name="y"))
    assert contents(folder) == [".lock", "a.json", "b.json"]


async def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tasks, folder) -> None:
    task = Task(id="a", name="old")
    await tasks.save(task)
    task.name, task.description = "new", "x" * 100_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(StorageError, match=r"a\.json.*try again"):
            await tasks.save(task)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (await tasks.find_by_id("a")).name == "old"
    assert contents(folder) == [".lock", "a.json"]
    await tasks.save(task)
    assert (await tasks.find_by_id("a")).name == "new"


async def test_a_folder_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    tasks = FileSystemRepository(Task, tmp_path / "data")
    for ask in (tasks.save(Task(name="x")), tasks.delete("a"), tasks.find_all()):
        with pytest.raises(StorageError, match="data.*try again"):
            await ask


async def test_another_process_that_writes_is_waited_for(tasks, folder) -> None:
    await tasks.save(Task(id="a", name="x"))
    lock = (folder / ".lock").open()
    fcntl.flock(lock, fcntl.LOCK_EX)
    threading.Timer(0.2, lock.close).start()
    saving = asyncio.create_task(tasks.save(Task(id="b", name="y")))
    await asyncio.sleep(0.1)
    assert await tasks.count() == 1  # readers do not wait
    await saving
    assert await tasks.count() == 2


def count_up(folder: str) -> None:
    async def work() -> None:
        runs = FileSystemRepository(Workflow, folder)
        done = 0
        while done < ROUNDS:
            run = await runs.find_by_id("shared")
            assert run is not None
            run.steps_done += 1
            try:
                await runs.save(run)
            except Conflict:
                continue
            done += 1

    asyncio.run(work())


async def test_four_processes_lose_no_update(tmp_path: Path) -> None:
    runs = FileSystemRepository(Workflow, tmp_path)
    await runs.save(Workflow(id="shared", name="counter"))
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=count_up, args=[str(tmp_path)]) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        await asyncio.to_thread(worker.join)
    shared = await runs.find_by_id("shared")
    assert shared is not None
    assert shared.steps_done == PROCESSES * ROUNDS
    assert shared.version == PROCESSES * ROUNDS + 1


def test_a_class_whose_name_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    odd = type("../../etc", (Task,), {"__module__": __name__})
    with pytest.raises(NotStorable, match="letters, digits"):
        FileSystemRepository(odd, tmp_path)
