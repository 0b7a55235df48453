"""The doctor finds what is wrong with a store, names it, and changes nothing."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from symphony_core.ids import utc_now
from symphony_core.model_profile import ModelProfile
from symphony_core.persistence.database import Database
from symphony_core.persistence.schema import CURRENT
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import fill_new_store, open_registry
from symphony_core.runtime.doctor import examine
from symphony_core.runtime.settings import database_url
from symphony_core.step_run import StepRun
from symphony_core.task import Task
from symphony_core.worker_beat import WorkerBeat
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.support.processes import ROOT, until, worker

V1 = ROOT / "tests" / "data" / "v1" / "symphony.db"


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data" / "symphony.db"
    Database.close_all()


@pytest.fixture
async def store(path: Path) -> ServiceRegistry:
    registry = open_registry()
    await fill_new_store(registry)
    return registry


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "symphony_core", "doctor", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def problems() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in examine(database_url()):
        if not finding.ok:
            found.setdefault(finding.check, []).append(finding.text)
    return found


def said(check: str) -> list[str]:
    return [finding.text for finding in examine(database_url()) if finding.check == check]


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


async def test_a_sound_store_is_called_so_and_stays_byte_for_byte(store, path) -> None:
    Database.close_all()
    before = path.read_bytes()
    told = doctor()
    assert told.returncode == 0, told.stdout + told.stderr
    checks = {line.split()[1].rstrip(":") for line in told.stdout.splitlines()}
    assert checks == {
        *("schema", "integrity", "tables", "runs", "orphans", "workers"),
        *("size", "log", "disk", "permissions", "models", "tools"),
    }
    as_json = json.loads(doctor("--json").stdout)
    assert as_json["sound"] is True
    assert {finding["check"] for finding in as_json["findings"]} == checks
    assert path.read_bytes() == before


def test_a_store_that_is_not_there_yet_is_not_made(path) -> None:
    assert doctor().returncode == 0
    assert "no database yet" in said("database")[0]
    assert not path.parent.exists()


async def test_damaged_and_foreign_rows_are_named(store, path) -> None:
    for name in ("bad", "other", "fine"):
        await store.get_repository("task").save(Task(id=name, name=name))
    change(path, "UPDATE task SET body = substr(body, 1, 20) WHERE id = 'bad'")
    change(path, """UPDATE task SET body = replace(body, '"other"', '"else"') WHERE id = 'other'""")
    found = problems()
    assert set(found) == {"rows"}
    bad, other = sorted(found["rows"])
    assert "'bad' in 'task' is damaged" in bad
    assert "'other' in 'task' is damaged: it holds the id 'else'" in other


async def test_a_torn_database_is_called_damaged(store, path) -> None:
    Database.close_all()
    content = bytearray(path.read_bytes())
    content[4096 * 8 : 4096 * 20] = b"\xff" * (4096 * 12)
    path.write_bytes(content)
    told = doctor()
    assert told.returncode == 1
    assert "PROBLEM  integrity: The database is damaged" in told.stdout
    assert "Traceback" not in told.stderr
    path.write_bytes(b"no database" * 1000)
    assert "is not a database" in problems()["database"][0]


def test_an_older_schema_is_no_problem_and_not_upgraded(path) -> None:
    path.parent.mkdir()
    shutil.copy(V1, path)
    path.chmod(0o600)
    before = path.read_bytes()
    assert problems() == {}
    assert said("schema") == [
        f"The schema is 1: the next start copies the database and brings it to {CURRENT}."
    ]
    assert path.read_bytes() == before
    change(path, "UPDATE symphony_meta SET value = '999'")
    assert "its schema is 999" in problems()["schema"][0]
    change(path, "DROP TABLE symphony_meta")
    assert "no database of Symphony's" in problems()["schema"][0]


async def test_a_run_that_nobody_runs_is_named(store) -> None:
    run = Workflow(id="left", name="left", definition={}, status=WorkflowStatus.RUNNING)
    await store.get_repository("workflow").save(run)
    tracked = Workflow(id="tracked", name="by hand", status=WorkflowStatus.RUNNING)
    await store.get_repository("workflow").save(tracked)
    [text] = problems()["runs"]
    assert "left" in text
    assert "tracked" not in text


async def test_what_belongs_to_runs_that_are_gone_is_named(store) -> None:
    step = StepRun(id="lost", run_id="gone", path="p", step_id="s", name="n", type="task")
    await store.get_repository("step_run").save(step)
    await store.get_repository("task").save(Task(id="alone", name="of no run"))
    for number in range(12):
        task = Task(id=f"t{number:02}", name="lost", workflow_id="gone")
        await store.get_repository("task").save(task)
    step_text, task_text = problems()["orphans"]
    assert "'step_run', of runs that are gone: lost." in step_text
    assert "t09 and 2 more." in task_text


async def test_who_may_open_the_file_is_looked_at(store, path) -> None:
    path.chmod(0o644)
    assert "chmod 600" in problems()["permissions"][0]


async def test_models_that_cannot_be_used_are_named(store, monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    agents = store.get_repository("agent_config")
    [assistant] = await agents.find_all()
    assistant.model = "openai-chat:x"
    await agents.save(assistant)
    [text] = problems()["models"]
    assert text.startswith("openai-chat:x: ")
    assert "OPENAI_API_KEY" in text


async def test_a_driver_that_is_missing_is_a_problem_and_no_crash(monkeypatch) -> None:
    monkeypatch.setenv("SYMPHONY_DATABASE_URL", "nonsense://u:secret@host/x")
    told = doctor()
    assert told.returncode == 1
    assert "no driver for 'nonsense'" in told.stdout
    assert "secret" not in told.stdout + told.stderr


async def test_beside_a_running_worker_it_is_safe_and_sees_it(store, path) -> None:
    beats = store.get_repository("worker_beat")
    with worker():
        await until(beats.find_all)
        for _ in range(20):
            assert problems() == {}
        [beat] = await beats.find_all()
        assert said("workers") == [f"Alive: {beat.owner} (0 runs)."]
    assert beat.is_alive(utc_now())
    assert isinstance(beat, WorkerBeat)


async def test_every_file_is_as_it_was_also_with_a_log_beside_the_database(store, path) -> None:
    await store.get_repository("task").save(Task(name="in the log"))
    log = path.with_name("symphony.db-wal")
    before: dict[Any, Any] = {file: file.read_bytes() for file in (path, log)}
    times = {file: file.stat().st_mtime_ns for file in before}
    assert doctor().returncode == 0
    assert {file: file.read_bytes() for file in before} == before
    assert {file: file.stat().st_mtime_ns for file in before} == times


async def test_models_of_the_store_are_looked_at_by_their_profiles(store, monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("SYMPHONY_MODEL", "profile:house")
    house = ModelProfile(id="house", name="House", provider="scripted")
    await store.get_model_profiles().save(house)
    assert problems() == {}
    house = await store.get_repository("model_profile").find_by_id("house")
    house.provider, house.model = "openai-chat", "x"
    await store.get_model_profiles().save(house)
    [text] = problems()["models"]
    assert text.startswith("House: ")
    assert "OPENAI_API_KEY" in text
    await store.get_model_profiles().delete("house")
    [text] = problems()["models"]
    assert "profile:house: There is no such model any more" in text


async def test_the_default_model_that_was_chosen_is_looked_at(store, monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("SYMPHONY_MODEL")
    models = store.get_model_profiles()
    await models.choose_default("openai-chat:x", seen="embedded")
    [text] = problems()["models"]
    assert text.startswith("openai-chat:x: ")
    await models.save(ModelProfile(id="house", name="House", provider="scripted"))
    await models.choose_default("profile:house", seen="openai-chat:x")
    [text] = said("models")
    assert text.startswith("House: ")
    await store.get_repository("model_profile").delete("house")
    [text] = problems()["models"]
    assert "profile:house: There is no such model any more" in text
    monkeypatch.setenv("SYMPHONY_MODEL", "scripted")
    assert problems() == {}
