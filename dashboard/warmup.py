"""Loads in the background what pages need, and takes it out of the garbage collector's way.

What is frozen is not looked through, so that pages do not halt while garbage is collected.
"""

import gc
import importlib
import threading
from collections.abc import Iterable
from functools import cache

FIRST = (
    "dashboard.services",
    "dashboard.components.run_table",
    "dashboard.components.template_card",
)
LATER = ("pandas", "pyarrow", "altair")


def begin() -> None:
    """Load what the first page needs while the browser loads what it needs."""
    threading.Thread(target=_load, args=(FIRST,), name="first-page", daemon=True).start()


@cache
def go_on() -> None:
    """Load the rest once in this process, after the first page has been shown."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _load(names: Iterable[str]) -> None:
    for name in names:
        importlib.import_module(name)


def _warm_up() -> None:
    _load(LATER)
    gc.collect()
    gc.freeze()
