"""One event loop in one background thread for all calls of models.

A connection belongs to the event loop that opened it, and callers come and go with loops of their
own (a script may call `asyncio.run` many times), so no connection is ever opened in a caller's.
"""

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from symphony_core.models.base import OnText

T = TypeVar("T")

_EXIT_PATIENCE = 2.0  # seconds for calls in flight to be cancelled when the process ends

_lock = threading.Lock()
_background: "_Background | None" = None


async def in_background(
    work: Callable[[OnText], Coroutine[Any, Any, T]], on_text: OnText | None = None
) -> T:
    """Run `work` in the background loop and return its result.

    What `work` hands to its argument reaches `on_text` here, in the caller's loop, in order, all of
    it before this returns and nothing after it. If the caller is cancelled or `on_text` raises,
    `work` is cancelled.
    """
    caller = asyncio.get_running_loop()
    pieces: asyncio.Queue[str | None] = asyncio.Queue()

    def hand_over(piece: str | None) -> None:
        with suppress(RuntimeError):  # the caller's loop has been closed: nobody is left to tell
            caller.call_soon_threadsafe(pieces.put_nowait, piece)

    future = asyncio.run_coroutine_threadsafe(work(hand_over), _start().loop)
    future.add_done_callback(lambda _: hand_over(None))
    try:
        while (piece := await pieces.get()) is not None:
            if on_text:
                on_text(piece)
    finally:
        future.cancel()
    return future.result()


def begin(work: Coroutine[Any, Any, None]) -> None:
    """Have the work done in the background loop; nobody waits for it."""
    asyncio.run_coroutine_threadsafe(work, _start().loop)


def _start() -> "_Background":
    global _background
    with _lock:
        if _background is None:
            _background = _Background()
        return _background


class _Background:
    """The thread; a daemon, so that a call in flight never keeps a process alive."""

    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="symphony-models", daemon=True)
        self._thread.start()
        self._started.wait()
        atexit.register(self._close)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._started.set()
        await self._stop.wait()

    def _close(self) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_EXIT_PATIENCE)
