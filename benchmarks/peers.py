"""The peers' environments: made by the benchmark, beside the project's own and never part of it."""

import json
import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).parent / ".peers"
PACKAGES = {"langgraph": ["langgraph", "langgraph-checkpoint-sqlite"], "dbos": ["dbos"]}

_VERSIONS = """
import importlib.metadata, json, sys
print(json.dumps({name: importlib.metadata.version(name) for name in sys.argv[1:]}))
"""


def python(peer: str) -> Path:
    """Return the path of a peer's interpreter."""
    return FOLDER / peer / "bin" / "python"


def set_up() -> None:
    """Make the environments that are missing, and bring all to the versions of the day."""
    for peer, packages in PACKAGES.items():
        if not python(peer).exists():
            venv.create(FOLDER / peer, with_pip=True)
        print(f"Installing {', '.join(packages)} ...", flush=True)
        command = [str(python(peer)), "-m", "pip", "install", "--quiet", "--upgrade", *packages]
        if subprocess.call([*command, "--disable-pip-version-check"]):
            sys.exit(f"pip could not install {', '.join(packages)}; what it said is above.")


def versions() -> dict[str, str]:
    """Return the versions of the peers' packages."""
    found: dict[str, str] = {}
    for peer, packages in PACKAGES.items():
        if not python(peer).exists():
            sys.exit("The peers are not installed: `python -m benchmarks.engine --set-up` does it.")
        command = [str(python(peer)), "-c", _VERSIONS, *packages]
        found |= json.loads(subprocess.check_output(command))
    return found
