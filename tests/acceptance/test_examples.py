"""The example programs run, and say what they are there to show."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

SAID = {
    "persistence_example.py": [
        "memory: Writer will be told 'You write about the sea.'",
        "files: The agent config",
        "was changed by someone else",
        "SQLite: 1 found, good at writing, poetry",
    ],
    "execution_example.py": [
        "the workflow is running",
        "the workflow is completed",
        "hooks: Gardener wrote",
        "retry: failed: Failed after 3 attempts: ",
        "batch: completed, completed, completed, completed, completed",
        "goes to Gardener: tag 'plants' is in its expertise (+2)",
        "goes to Cook: tag 'food' is in its expertise (+2)",
        "in hand",
    ],
    "orchestration_example.py": [
        "critic and revise: completed, 3 answers",
        "triage: 'What is two and two?' took the branch",
        "triage: 'Should towns ban cars?' took the branch",
    ],
}


@pytest.mark.parametrize("name", SAID)
def test_an_example_program_runs(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"examples.{name.removesuffix('.py')}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    for line in SAID[name]:
        assert line in done.stdout


def test_every_example_program_is_tested() -> None:
    assert {path.name for path in (ROOT / "examples").glob("*.py")} == set(SAID)
