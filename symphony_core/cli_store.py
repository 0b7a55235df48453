"""The commands for the upkeep of the store."""

import argparse
from pathlib import Path
from typing import Any

from symphony_core.cli_output import say, show
from symphony_core.persistence.backups import back_up, restore
from symphony_core.runtime.doctor import examine
from symphony_core.runtime.settings import database_url


def add_store_commands(commands: Any) -> None:
    """Add `doctor`, `backup` and `restore` to the command line."""
    doctor = commands.add_parser("doctor", help="look at the store and say what is wrong with it")
    doctor.set_defaults(command=_doctor)
    doctor.add_argument("--json", action="store_true", help="print JSON")
    backup = commands.add_parser("backup", help="copy the database, also while it is in use")
    backup.set_defaults(command=_backup)
    backup.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")
    restored = commands.add_parser("restore", help="put a backup in the database's place")
    restored.set_defaults(command=_restore)
    restored.add_argument("file", type=Path, metavar="FILE", help="what 'backup' made")


async def _doctor(chosen: argparse.Namespace) -> int:
    findings = examine(database_url())
    sound = all(finding.ok for finding in findings)
    rows = [finding._asdict() for finding in findings]
    lines = [f"{'ok     ' if f.ok else 'PROBLEM'}  {f.check}: {f.text}" for f in findings]
    show({"sound": sound, "findings": rows}, "\n".join(lines), as_json=chosen.json)
    return 0 if sound else 1


async def _backup(chosen: argparse.Namespace) -> int:
    back_up(database_url(), chosen.file)
    say(f"The database is copied to {str(chosen.file)!r}, and the copy is sound.")
    return 0


async def _restore(chosen: argparse.Namespace) -> int:
    path, kept = restore(database_url(), chosen.file)
    say(f"The database {str(path)!r} is now what {str(chosen.file)!r} holds.")
    if kept is not None:
        say(f"What was there before is kept as {str(kept)!r}.")
    return 0
