"""The one bridge from the dashboard's threads to the async core: an event loop in a thread."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Do the work in the core's loop and return what it returns, or raise what it raises."""
    return begin(work).result()


def begin(work: Coroutine[Any, Any, T]) -> Future[T]:
    """Have the work done in the core's loop, and do not wait for it."""
    return asyncio.run_coroutine_threadsafe(work, _loop())


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="core-loop", daemon=True).start()
    return loop
