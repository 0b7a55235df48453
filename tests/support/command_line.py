"""The command line in this process: what it is told, what it says, and with which code it ends."""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest.mock import patch

from symphony_core.cli import main


def symphony(*arguments: str, stdin: str = "", **environment: str) -> CompletedProcess[str]:
    """Run a command under some more variables of the environment."""
    out, err = io.StringIO(), io.StringIO()
    typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    around = patch.dict(os.environ, environment), patch.object(sys, "stdin", typed)
    with around[0], around[1], redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as refused:  # by what reads the arguments
            code = int(refused.code or 0)
    return CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
