"""How the command line speaks."""

import json
import sys
from typing import Any, TextIO


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a text."""
    print(text, file=stream or sys.stdout, flush=True)


def show(data: Any, text: str, *, as_json: bool) -> None:
    """Print data as JSON for programs, or the text that people read."""
    say(json.dumps(data, indent=2, ensure_ascii=False) if as_json else text)
