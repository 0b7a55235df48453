"""Starts the worker process, and starts it again when it dies.

The launcher holds the other end of the worker's standard input. When the launcher ends, however
it does, the worker reads the end of that input: it takes nothing new, finishes its runs and goes.
"""

import logging
import subprocess
import sys
import threading
import time

FIRST_PAUSE = 0.5  # seconds before a dead worker is started again; doubles up to the longest
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30.0  # one that lived that long is started again after the first pause

log = logging.getLogger(__name__)


class WorkerLauncher:
    """Keeps one worker process alive for as long as this process lives."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="worker-launcher", daemon=True)

    def start(self) -> None:
        """Start the worker."""
        self._keeper.start()

    def stop(self) -> None:
        """Let the worker finish what it has and go; this does not wait for it."""
        self._stopping.set()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            started = time.monotonic()
            self._process = _start()
            code = self._process.wait()
            if time.monotonic() - started > STEADY_SECONDS:
                pause = FIRST_PAUSE
            if self._stopping.wait(pause):
                return
            log.warning("the worker ended with code %s and is started again", code)
            pause = min(pause * 2, LONGEST_PAUSE)


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "symphony_core", "worker", "--follow-stdin"]
    # a session of its own: Ctrl-C in the dashboard's terminal must not end runs
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
