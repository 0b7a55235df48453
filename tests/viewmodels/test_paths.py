"""Where a step lies, read out of its path."""

import pytest

from dashboard.viewmodels.paths import around, loops_around, node_of, step_id_of, turn_of


@pytest.mark.parametrize(
    ("path", "node", "step_id", "turn", "outside", "loops"),
    [
        ("a", "a", "a", None, [], []),
        ("a/b", "a/b", "b", None, ["a"], []),
        ("a#2/b", "a/b", "b", 2, ["a", "a#2"], [("a", 2)]),
        (
            "a#2/b/c#13/d",
            "a/b/c/d",
            "d",
            13,
            ["a", "a#2", "a#2/b", "a#2/b/c", "a#2/b/c#13"],
            [("a", 2), ("a#2/b/c", 13)],
        ),
    ],
)
def test_a_path_says_where_a_step_lies(
    path: str,
    node: str,
    step_id: str,
    turn: int | None,
    outside: list[str],
    loops: list[tuple[str, int]],
) -> None:
    assert (node_of(path), step_id_of(path), turn_of(path)) == (node, step_id, turn)
    assert (around(path), list(loops_around(path))) == (outside, loops)
