"""The guide's Python blocks, taken out of the copy of the guide, with the two renames only."""

import __future__

import re
import sys
from pathlib import Path

GUIDE = Path(__file__).parent.parent / "data" / "implementation_guide.md"

BLOCKS = [
    block.replace("from symphony.core.", "from symphony_core.").replace(
        "from symphony.", "from symphony_core."
    )
    for block in re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
]


def run_block(number: int) -> dict[str, object]:
    """Run a block, counted from 1, as a program of its own, and return its names.

    Blocks 11 and 12 name types in annotations that they do not import, so annotations are not
    evaluated: what `from __future__ import annotations` as a first line would do.
    """
    flags = __future__.annotations.compiler_flag
    code = compile(BLOCKS[number - 1], f"guide block {number}", "exec", flags, dont_inherit=True)
    names: dict[str, object] = {"__name__": "__main__"}
    exec(code, names)  # noqa: S102 - our own copy of the guide
    return names


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        run_block(int(argument))
