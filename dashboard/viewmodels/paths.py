"""Where a step lies in its run, out of its path: `refine#3/feedback` is in turn 3 of `refine`."""

import re
from collections.abc import Iterator

_TURN = re.compile(r"#(\d+)")
_BOUND = re.compile(r"[/#]")


def node_of(path: str) -> str:
    """Return the node of a step in its workflow: its path, the same in every turn."""
    return _TURN.sub("", path)


def step_id_of(path: str) -> str:
    """Return the step's own id."""
    return path.rpartition("/")[2]


def around(path: str) -> list[str]:
    """Return the paths that a path lies in, the outermost first: `a` and `a#2` for `a#2/b`."""
    return [path[: bound.start()] for bound in _BOUND.finditer(path)]


def loops_around(path: str) -> Iterator[tuple[str, int]]:
    """Yield the path of each loop that a path lies in with the turn, the outermost first."""
    for turn in _TURN.finditer(path):
        yield path[: turn.start()], int(turn[1])


def turns_of(path: str) -> list[int]:
    """Return the turns that a path lies in, the outermost first."""
    return [turn for _, turn in loops_around(path)]


def turn_of(path: str) -> int | None:
    """Return the number of the innermost turn that a path lies in; None outside of loops."""
    turns = turns_of(path)
    return turns[-1] if turns else None
