"""System calls that fail, or at which a process dies: strace does that to a real process."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def python(program: str, *arguments: object, inject: str) -> subprocess.CompletedProcess[str]:
    """Run a program while strace injects something, such as `fsync:error=EIO`, into its calls."""
    calls = inject.partition(":")[0]
    return _run(os.devnull, ["-e", f"trace={calls}", "-e", f"inject={inject}"], program, arguments)


def count(call: str, log: Path, program: str, *arguments: object) -> int:
    """Run a program and return how often that thread made a system call that made it most."""
    _run(str(log), ["-e", f"trace={call}"], program, arguments).check_returncode()
    lines = (line.split() for line in log.read_text().splitlines())
    threads = Counter(line[0] for line in lines if line[1].startswith(call))
    return max(threads.values())


def _run(
    log: str, options: list[str], program: str, arguments: tuple[object, ...]
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(
        ["strace", "-f", "-qq", "-o", log, *options, *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
