"""The server's threads share their memory."""

import platform
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.dashboard import Dashboard

RESERVED = 64 * 2**20  # bytes of addresses that an arena takes, beginning at a multiple of as many


def arenas(pid: int) -> int:
    """How many arenas a process has beside its first, which is no region of its own."""
    lines = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    regions = [(*(int(end, 16) for end in fields[0].split("-")), fields[1]) for fields in lines]
    return sum(
        used == "rw-p" and rest == "---p" and begin % RESERVED == 0 and end == begin + RESERVED
        for (begin, _, used), (_, end, rest) in pairwise(regions)
    )


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="The C library has no arenas.")
def test_the_server_has_one_arena(tmp_path: Path) -> None:
    dashboard = Dashboard(tmp_path, "scripted")
    dashboard.start()
    try:
        assert arenas(dashboard.pid) == 0
    finally:
        dashboard.stop()
