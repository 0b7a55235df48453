"""A backup is whole whoever writes meanwhile; a restore replaces nothing that is in use."""

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from symphony_core.errors import StorageError
from symphony_core.persistence.backups import back_up, restore
from symphony_core.persistence.database import Database
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.task import Task
from symphony_core.worker_beat import WorkerBeat
from tests.support import strace

V1 = Path(__file__).parent.parent / "data" / "v1" / "symphony.db"
WRITE_ON = (
    "import asyncio, sys\n"
    "from symphony_core.persistence.sql_repository import SQLModelRepository\n"
    "from symphony_core.task import Task\n"
    "async def work():\n"
    "    tasks = SQLModelRepository(Task, sys.argv[1])\n"
    "    for number in range(100_000):\n"
    "        await tasks.save(Task(id=f't{number:06}', name='a', description='x' * 3000))\n"
    "        print(number, flush=True)\n"
    "asyncio.run(work())\n"
)
RESTORE = (
    "import sys\n"
    "from pathlib import Path\n"
    "from symphony_core.persistence.backups import restore\n"
    "restore(sys.argv[1], Path(sys.argv[2]))\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data" / "symphony.db"
    Database.close_all()


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


def save(url: str, *names: str) -> None:
    async def save_all() -> None:
        for name in names:
            await SQLModelRepository(Task, url).save(Task(id=name, name=name))

    asyncio.run(save_all())


def stored(url: str) -> list[str]:
    return sorted(task.id for task in asyncio.run(SQLModelRepository(Task, url).find_all()))


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_backup_made_while_another_process_writes_holds_a_prefix(url, tmp_path) -> None:
    copies = [tmp_path / f"{number}.db" for number in range(5)]
    with subprocess.Popen([sys.executable, "-c", WRITE_ON, url], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        stored_before = []
        for copy in copies:
            for _ in range(20):
                number = int(writer.stdout.readline())
            stored_before.append(number)
            back_up(url, copy)
        writer.kill()
    for copy, number in zip(copies, stored_before, strict=True):
        assert copy.stat().st_mode & 0o777 == 0o600
        assert ask(copy, "PRAGMA integrity_check") == [("ok",)]
        found = [int(str(row[0])[1:]) for row in ask(copy, "SELECT id FROM task ORDER BY id")]
        assert found == list(range(len(found)))
        assert len(found) > number  # everything that was acknowledged before


def test_a_backup_replaces_no_file_and_needs_a_database(url, tmp_path) -> None:
    with pytest.raises(StorageError, match=r"no database .*symphony\.db"):
        back_up(url, tmp_path / "b.db")
    save(url, "a")
    (tmp_path / "b.db").write_text("mine")
    with pytest.raises(StorageError, match=r"b\.db' already"):
        back_up(url, tmp_path / "b.db")
    assert (tmp_path / "b.db").read_text() == "mine"
    with pytest.raises(StorageError, match="nowhere"):
        back_up(url, tmp_path / "nowhere" / "b.db")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b.db", "data"]


def test_what_is_restored_is_there_and_what_was_there_is_kept(url, path, tmp_path) -> None:
    save(url, "a", "b")
    back_up(url, tmp_path / "b.db")
    save(url, "c")
    Database.close_all()
    done = restore(url, tmp_path / "b.db")
    assert (done.path, done.kept) == (path, path.with_name("symphony.before-restore.db"))
    assert stored(url) == ["a", "b"]
    save(url, "d")
    Database.close_all()
    assert path.stat().st_mode & 0o777 == 0o600
    assert done.kept is not None
    assert ask(done.kept, "SELECT id FROM task ORDER BY id") == [("a",), ("b",), ("c",)]
    again = restore(url, tmp_path / "b.db")
    assert again.kept == path.with_name("symphony.before-restore-2.db")
    assert stored(url) == ["a", "b"]


def test_a_backup_can_be_restored_where_nothing_is(url, path, tmp_path) -> None:
    save(url, "a")
    back_up(url, tmp_path / "b.db")
    other = tmp_path / "other" / "symphony.db"
    assert restore(f"sqlite:///{other}", tmp_path / "b.db") == (other, None)
    assert stored(f"sqlite:///{other}") == ["a"]
    assert other.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_an_older_schema_is_restored_and_then_upgraded(url, path, tmp_path) -> None:
    save(url, "a")
    Database.close_all()
    restore(url, Path(shutil.copy(V1, tmp_path / "v1.db")))
    assert len(stored(url)) == 14
    assert path.with_name("symphony.before-upgrade-1.db").exists()


def test_what_is_no_sound_backup_is_refused_before_anything_changes(url, path, tmp_path) -> None:
    save(url, "a")
    back_up(url, good := tmp_path / "good.db")
    Database.close_all()
    bad = {name: tmp_path / f"{name}.db" for name in ("text", "empty", "foreign", "newer", "torn")}
    bad["text"].write_bytes(b"no database" * 1000)
    bad["empty"].write_bytes(b"")
    for name, statement in (
        ("foreign", "DROP TABLE symphony_meta"),
        ("newer", "UPDATE symphony_meta SET value = '99'"),
    ):
        shutil.copy(good, bad[name])
        connection = sqlite3.connect(bad[name])
        with connection:
            connection.execute(statement)
        connection.close()
    bad["torn"].write_bytes(good.read_bytes()[:-8192])
    before = path.read_bytes()
    for file, words in [
        (bad["text"], "is not a database"),
        (bad["empty"], "is not a backup"),
        (bad["foreign"], "is not a backup"),
        (bad["newer"], "schema is 99"),
        (bad["torn"], "damaged"),
        (tmp_path / "nowhere.db", "no backup"),
    ]:
        with pytest.raises(StorageError, match=words):
            restore(url, file)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["symphony.db"]


def test_a_database_that_is_open_anywhere_is_not_replaced(url, path, tmp_path) -> None:
    save(url, "a")
    back_up(url, tmp_path / "b.db")
    program = f"{WRITE_ON.replace('100_000', '1')}sys.stdin.read()\n"  # and then idle
    command = [sys.executable, "-c", program, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as idle:
        assert idle.stdout is not None
        idle.stdout.readline()
        Database.close_all()
        with pytest.raises(StorageError, match="Another process uses the database"):
            restore(url, tmp_path / "b.db")
        idle.communicate()
    assert stored(url) == ["a", "t000000"]
    assert not list(path.parent.glob("*before-restore*"))
    Database.close_all()
    restore(url, tmp_path / "b.db")
    assert stored(url) == ["a"]


def test_a_living_worker_is_named(url, tmp_path) -> None:
    save(url, "a")
    back_up(url, tmp_path / "b.db")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    beat = WorkerBeat(owner="host-7", beat_at=now)
    asyncio.run(SQLModelRepository(WorkerBeat, url).save(beat))
    Database.close_all()
    with pytest.raises(StorageError, match="The worker 'host-7' uses"):
        restore(url, tmp_path / "b.db", lambda: now)
    restore(url, tmp_path / "b.db", lambda: now + timedelta(seconds=10))


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_database_that_is_none_any_more_is_set_aside(url, path, tmp_path, content) -> None:
    save(url, "a")
    back_up(url, tmp_path / "b.db")
    Database.close_all()
    path.write_bytes(content)
    kept = restore(url, tmp_path / "b.db").kept
    assert kept is not None
    assert kept.read_bytes() == content
    assert stored(url) == ["a"]


def test_a_damaged_database_is_kept_as_it_is(url, path, tmp_path) -> None:
    save(url, *(f"t{number}" for number in range(50)))
    back_up(url, tmp_path / "b.db")
    Database.close_all()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 8] = bytes(4096 * 5)
    path.write_bytes(content)
    kept = restore(url, tmp_path / "b.db").kept
    assert kept is not None
    assert kept.read_bytes()[4096:] == content[4096:]
    assert len(stored(url)) == 50


@pytest.mark.parametrize("share", [0.0, 0.4, 0.7, 0.9])
def test_a_process_killed_while_it_restores_leaves_the_old_or_the_new(
    url, path, tmp_path, share: float
) -> None:
    save(url, "a")
    back_up(url, tmp_path / "b.db")
    save(url, *(f"t{number}" for number in range(50)))
    Database.close_all()
    shutil.copy(path, spare := tmp_path / "spare.db")
    log = tmp_path / "log"
    writes = strace.count("pwrite64", log, RESTORE, f"sqlite:///{spare}", tmp_path / "b.db")
    point = f"pwrite64:signal=KILL:when={1 + round(writes * share)}"
    assert strace.python(RESTORE, url, tmp_path / "b.db", inject=point).returncode < 0
    assert len(stored(url)) in (1, 51)
    Database.close_all()
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    restore(url, tmp_path / "b.db")
    assert stored(url) == ["a"]


def test_other_databases_have_programs_of_their_own(tmp_path: Path) -> None:
    url = "postgresql://me:secret@host/symphony"
    for ask_for in (lambda: back_up(url, tmp_path / "b"), lambda: restore(url, tmp_path / "b")):
        with pytest.raises(StorageError, match="pg_dump") as refused:
            ask_for()
        assert "secret" not in str(refused.value)


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    def symphony(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "symphony_core", *arguments]
        return subprocess.run(command, cwd=strace.ROOT, capture_output=True, text=True, check=False)

    file = str(tmp_path / "b.db")
    assert symphony("runs").returncode == 0
    assert symphony("backup", file).returncode == 0
    again = symphony("backup", file)
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    restored = symphony("restore", file)
    assert restored.returncode == 0
    assert "symphony.before-restore.db" in restored.stdout
    assert len(json.loads(symphony("runs", "--json").stdout)) == 3
