"""How memory is handed out in the server's process."""

import ctypes
import sys

_M_ARENA_MAX = -8  # in the GNU C library's malloc.h


def use_one_arena() -> None:
    """Let the threads to come share the first thread's memory.

    Each would get an arena of its own from the GNU C library, which keeps what is freed in it.
    Drawing a page is the work of a new thread, so the server would hold ever more free memory.
    Other C libraries have no arenas; there nothing is done.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, 1)
