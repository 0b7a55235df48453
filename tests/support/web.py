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
    config = str(FOLDER / "htmlvalidate.json")
    command = ["node", str(_VALIDATOR), "--formatter=json", f"--config={config}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise AssertionError(f"the validator did not work: {done.stderr}")
    return [
        f"{said['line']}:{said['column']} {said['ruleId']}: {said['message']}"
        for checked in json.loads(done.stdout)
        for said in checked["messages"]
    ]
