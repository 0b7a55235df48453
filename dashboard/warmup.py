"""Loads in the background what pages need later, and takes it out of the garbage collector's way.

Streamlit collects garbage after every script run, which takes the longer, the more is loaded;
what is frozen is not looked through.
"""

import gc
import importlib
import threading
from functools import cache

HEAVY = ("pandas", "pyarrow", "altair")


@cache
def start() -> None:
    """Do it once in this process, after the first page has been shown."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    for name in HEAVY:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
