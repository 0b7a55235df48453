"""Processes to be killed, from the test's side."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from tests.support.ledger import Hold, Ledger
from tests.support.processes import PATIENCE, ROOT
from tests.support.tale import tale

T = TypeVar("T")
Stored = dict[str, list[dict[str, Any]]]

INPUTS = {"topic": "the tides"}


class Subject:
    """A process that does one job; its connection's end is its own."""

    def __init__(self, address: str, wishes: dict[str, Any]) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(PATIENCE)
        self._connection.connect(address)
        self._lines = self._connection.makefile("r", encoding="utf-8")
        self._say(wishes)
        self.pid: int = self.hear("pid")
        self._handle = os.pidfd_open(self.pid)  # a number alone may be another's by then

    def ready(self) -> Stored:
        """Wait until it has opened the store, and return what it found there."""
        stored: Stored = self.hear("stored")
        return stored

    def go(self) -> None:
        """Let it go on."""
        self._say({"go": True})

    def hear(self, key: str) -> Any:
        """Return what it tells next, under this key."""
        line = self._read()
        assert line is not None, f"the subject ended before it told its {key!r}"
        return _told(line, key)

    def ended(self) -> Stored | None:
        """Wait for its end; return what it then saw in the store, None if it was killed."""
        line = self._read()
        if line is None:
            return None
        stored: Stored = _told(line, "stored")
        assert self._read() is None
        return stored

    def kill(self) -> None:
        """Kill it, and wait until it is dead."""
        if not self._lines.closed:
            with suppress(ProcessLookupError):  # it has just ended
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            self.gone()

    def gone(self) -> None:
        """Wait until it is dead."""
        while not self._lines.closed:
            self._read()

    def _say(self, wishes: dict[str, Any]) -> None:
        self._connection.sendall(json.dumps(wishes).encode() + b"\n")

    def _read(self) -> dict[str, Any] | None:
        try:
            line = self._lines.readline()
        except ConnectionResetError:
            line = ""
        if not line.endswith("\n"):  # killed in the middle of a line, or before it
            self._lines.close()
            self._connection.close()
            os.close(self._handle)
            return None
        told: dict[str, Any] = json.loads(line)
        return told


def _told(line: dict[str, Any], key: str) -> Any:
    assert key in line, line.get("error", line)
    return line[key]


def _until(look: Callable[[], T], is_it: Callable[[T], object], pause: float = 0.03) -> T:
    """Look again and again until it is as wanted, and return what was seen then."""
    give_up = time.monotonic() + PATIENCE
    while not is_it(found := look()):
        assert time.monotonic() < give_up, f"not seen within {PATIENCE} s; last: {found}"
        time.sleep(pause)
    return found


class Nursery:
    """Starts subjects: forks of one process that has imported everything."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._address = str(folder / "socket")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.subject", self._address],
            cwd=ROOT,
            env=os.environ | {"OPENAI_API_KEY": "none", "SYMPHONY_DATA_DIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def subject(self, job: str, **wishes: Any) -> Subject:
        """Start a process for a job on the store at a URL."""
        return Subject(self._address, {"job": job, "environment": {}, **wishes})

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it is there
        self.subject("prepare", url=self._url(self._folder), model="none").gone()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)  # its forks too, whatever became of them
        self._process.communicate()

    def new_store(self, folder: Path) -> str:
        """Put a store in order in a new folder, and return its URL."""
        folder.mkdir(parents=True)
        for file in self._folder.glob("symphony.db*"):
            shutil.copy(file, folder)
        return self._url(folder)

    def _url(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'symphony.db'}"


class Story:
    """One run, told by as many processes as it takes; a ledger counts what they ask."""

    def __init__(
        self,
        nursery: Nursery,
        ledger: Ledger,
        folder: Path,
        definition: WorkflowDefinition | None = None,
    ) -> None:
        self.name = folder.name
        self.folder = folder
        self._nursery = nursery
        self._ledger = ledger
        self._reader: Subject | None = None
        self._subjects: list[Subject] = []
        self._url = nursery.new_store(folder)
        self._definition = (definition or tale()).to_dict()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to know to share the store and the model."""
        return {
            "SYMPHONY_DATA_DIR": str(self.folder),
            "OPENAI_BASE_URL": self._ledger.server.base_url,
            "OPENAI_API_KEY": "none",
            "SYMPHONY_MODEL": "scripted",
        }

    def subject(self, job: str) -> Subject:
        """Start a process for a job on this run."""
        subject = self._nursery.subject(
            job,
            url=self._url,
            definition=self._definition,
            inputs=INPUTS,
            model=f"openai-chat:{self.name}",
            environment=self.environment,
        )
        self._subjects.append(subject)
        return subject

    def run(self) -> Subject:
        """Let a process start the run, or go on with it, to its end."""
        process = self.subject("finish")
        process.ready()
        process.go()
        return process

    def stored(self) -> Stored:
        """Return what is stored now, as another process reads it."""
        if self._reader is None:
            self._reader = self.subject("read")
        self._reader.go()
        stored: Stored = self._reader.hear("stored")
        return stored

    def close(self) -> None:
        """End what is left of its processes."""
        for subject in self._subjects:
            subject.kill()

    def until(self, look: Callable[[Stored], object]) -> Stored:
        """Look again and again until it is as wanted, and return what is stored then."""
        return _until(self.stored, look)

    def wait_for_workers(self, number: int) -> None:
        """Wait until so many workers show that they live."""
        counting = self.subject("count_workers")

        def count() -> Any:
            counting.go()
            return counting.hear("workers")

        _until(count, lambda found: found == number)
        counting.kill()

    def asked(self) -> Counter[str]:
        """How often each question was asked until now."""
        return self._ledger.asked(self.name)

    def wait_for(self, *markers: str) -> None:
        """Wait until all these questions have been asked."""
        _until(self.asked, lambda asked: asked.keys() >= set(markers), pause=0.005)

    def hold(self, *markers: str) -> Hold:
        """Keep back the answers to these questions."""
        return self._ledger.hold(self.name, *markers)
