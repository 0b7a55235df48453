"""What pages are held against, which `scripts/test` installs: the HTML validator, and axe."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

FOLDER = Path(__file__).parent.parent / "web"
PACKAGES = FOLDER / "node_modules"
_AXE = PACKAGES / "axe-core" / "axe.min.js"

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


def barriers(page: Page, where: str) -> list[str]:
    """Return what axe finds serious or critical on a page, a line for each rule and element."""
    if not _AXE.exists():
        pytest.fail("The web checks are not installed: run `python3 scripts/test`, which does it.")
    # evaluated, for a report lets no script in by a tag
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [
        f"{where} {page.url}: {rule['id']} ({rule['help']}) at {node['target']}: {node['html']}"
        f" {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
