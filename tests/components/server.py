"""A server that a page can keep busy, so that it hears and sends nothing."""

import asyncio
import time

_loops: list[asyncio.AbstractEventLoop] = []


def note_loop() -> None:
    """Note that this loop is the server's."""
    _loops.append(asyncio.get_running_loop())


def keep_busy(seconds: float) -> None:
    """Have the server do nothing else for so long, from when it has done what it was asked before."""
    _loops[-1].call_soon_threadsafe(time.sleep, seconds)
