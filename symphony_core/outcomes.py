"""What other people's code came to: its result, or whatever it raised, as a value."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

from symphony_core.texts import storable

MAX_ERROR = 5000  # characters

T = TypeVar("T")


async def outcome(call: Awaitable[T]) -> T | Exception:
    """Return what was awaited, or the exception that it raised."""
    try:
        return await call
    except Exception as error:  # noqa: BLE001 - other people's code raises whatever it likes
        return error


def describe(error: BaseException) -> str:
    """Return an error as one line: its message, or its type where it has none."""
    said = storable(str(error), MAX_ERROR)
    return " ".join(said.split()) or type(error).__name__


async def in_thread(call: Callable[[], T]) -> T:
    """Make a call in a thread of its own, and return or raise what it does.

    A caller that is cancelled goes on at once. The thread cannot be stopped, but neither does
    the process wait for it when it ends.
    """
    caller = asyncio.get_running_loop()
    done: asyncio.Future[T | BaseException] = caller.create_future()
    context = copy_context()

    def settle(result: T | BaseException) -> None:
        if not done.done():
            done.set_result(result)

    def run() -> None:
        result = context.run(_result_of, call)
        with suppress(RuntimeError):  # the caller's loop has been closed: nobody is left to tell
            caller.call_soon_threadsafe(settle, result)

    threading.Thread(target=run, name="symphony-call", daemon=True).start()
    result = await done
    if isinstance(result, BaseException):
        raise result
    return result


def _result_of(call: Callable[[], T]) -> T | BaseException:
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 - whoever awaits the thread is to see it
        return error
