"""What pages are held against, which `scripts/test` installs: the HTML validator, and axe."""

import json
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "web"
PACKAGES = FOLDER / "node_modules"
AXE = PACKAGES / "axe-core" / "axe.min.js"

_VALIDATOR = PACKAGES / "html-validate" / "bin" / "html-validate.mjs"


def complaints(file: Path) -> list[str]:
    """Return what the validator says against an HTML file, a line each."""
    if not _VALIDATOR.exists():
        pytest.fail("The web checks are not installed: run `python3 scripts/test`, which does it.")
    said = file.with_suffix(".complaints.json")  # what it prints into a pipe, it cuts short
    options = [f"--config={FOLDER / 'htmlvalidate.json'}", f"--formatter=json={said}"]
    subprocess.run(["node", str(_VALIDATOR), *options, str(file)], capture_output=True, check=False)
    return [
        f"{each['line']}:{each['column']} {each['ruleId']}: {each['message']}"
        for checked in json.loads(said.read_text(encoding="utf-8"))
        for each in checked["messages"]
    ]
