"""The examples in the documents run."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    pytest.param(block, id=f"{document.name}-{number}")
    for document in (ROOT / "README.md", ROOT / "docs" / "extending.md")
    for number, block in enumerate(BLOCK.findall(document.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize("block", EXAMPLES)
def test_an_example_in_a_document_runs(block: str) -> None:
    exec(compile(block, "example", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own


def test_every_step_type_and_template_is_named_in_the_documents() -> None:
    steps = {p.stem for p in (ROOT / "symphony_core/orchestration/steps").glob("[a-z]*.py")}
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert all(name in glossary for name in steps)
