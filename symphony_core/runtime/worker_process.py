"""What a worker process does from its start to its end."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from symphony_core.errors import ModelUnavailable
from symphony_core.models.embedded import EmbeddedModel
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.bootstrap import fill_new_store, open_registry
from symphony_core.runtime.worker import Worker

log = logging.getLogger(__name__)


async def run_worker(*, follow_stdin: bool = False) -> None:
    """Work until SIGTERM or SIGINT, which hand the runs back, or the end of standard input."""
    registry = open_registry()
    await fill_new_store(registry)
    worker = Worker(registry)
    working = asyncio.create_task(worker.work())
    loading = asyncio.create_task(_load_default_model(registry))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, working.cancel)
    if follow_stdin:
        _at_end_of_stdin(loop, worker.drain)
    try:
        await working
    except asyncio.CancelledError:
        log.info("worker stopped; its runs go on with the next one")
    finally:
        loading.cancel()
        await registry.tools.close()


async def _load_default_model(registry: ServiceRegistry) -> None:
    """Have the embedded model ready before the first run asks for it."""
    try:
        model, _ = await registry.get_model_profiles().open(None)
        if isinstance(model, EmbeddedModel) and model.availability().ready:
            await model.load()
    except ModelUnavailable as error:
        log.warning("%s", error)  # a run that needs it fails and says the same


def _at_end_of_stdin(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):  # unbuffered: a buffer's lock would outlive us
            pass
        with suppress(RuntimeError):  # the loop has ended first
            loop.call_soon_threadsafe(call)

    threading.Thread(target=wait, name="worker-stdin", daemon=True).start()
