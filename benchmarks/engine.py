"""The engine beside LangGraph, DBOS and bare commits, on the same work: python -m benchmarks.engine

Each work is done by each contender in a process and with a database of its own, one after the
other, and all of it again in the next round; ratios are of figures from the same round.
"""

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers, ratios

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "benchmarks" / "programs"
ROUNDS = 5
PATIENCE = 600  # seconds for one work

FUNCTION, AGENT, RAW = "Symphony, function step", "Symphony, agent step", "bare commits"
BASES = {"÷ function step": FUNCTION, "÷ agent step": AGENT, "÷ bare commits": RAW}

_IMPORT = "import time; started = time.perf_counter(); import {}; seconds = time.perf_counter()"
_IMPORT += " - started; import json; print(json.dumps({{'seconds': seconds}}))"


@dataclass(frozen=True)
class Contender:
    """A program, the interpreter that runs it, and what of its library is imported."""

    name: str
    python: str
    program: str
    kind: str = ""
    imports: str = ""


CONTENDERS = (
    Contender(
        FUNCTION, sys.executable, "with_symphony.py", "function", "symphony_core.runtime.bootstrap"
    ),
    Contender(AGENT, sys.executable, "with_symphony.py", "agent"),
    Contender(
        "LangGraph",
        str(peers.python("langgraph")),
        "with_langgraph.py",
        imports="langgraph.graph, langgraph.checkpoint.sqlite.aio",
    ),
    Contender("DBOS", str(peers.python("dbos")), "with_dbos.py", imports="dbos"),
    Contender(RAW, sys.executable, "raw_sqlite.py"),
)


@dataclass(frozen=True)
class Measure:
    """One figure of every contender; `work` is a name in `programs/works.py`, or empty: importing."""

    part: str
    title: str
    unit: str
    work: str
    read: Callable[[dict[str, float]], float] = lambda measured: measured["seconds"]
    runs: int = 0


MEASURES = (
    Measure("a", "50 steps in a row, each", "ms", "row-50", lambda m: m["seconds"] * 1000 / 50),
    Measure("b", "100 parallel steps of 50 ms", "s", "parallel-100"),
    Measure("b", "1000 parallel steps of 50 ms", "s", "parallel-1000"),
    Measure("c", "1000 runs of 3 steps at once", "s", "runs-1000", runs=1000),
    Measure("d", "import", "s", ""),
    Measure("d", "peak memory, 50 steps in a row", "MB", "row-50", lambda m: m["peak_mb"]),
)


def measure(contender: Contender, what: Measure) -> float | None:
    """Return the figure from a fresh process; None, with a sentence on stderr, if there is none."""
    with tempfile.TemporaryDirectory() as folder:
        if what.work:
            arguments = [str(PROGRAMS / contender.program), what.work, folder]
            arguments += [contender.kind] if contender.kind else []
        else:
            arguments = ["-c", _IMPORT.format(contender.imports)]
        try:
            done = subprocess.run(
                [contender.python, *arguments],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=True,
            )
        except subprocess.CalledProcessError as error:
            said = (error.stderr.strip().splitlines() or ["it did not say why"])[-1]
        except subprocess.TimeoutExpired:
            said = f"it took longer than {PATIENCE} s"
        else:
            return what.read(json.loads(done.stdout.splitlines()[-1]))
    print(f"{contender.name} failed at {what.title!r}: {said}", file=sys.stderr)
    return None


def run(measures: list[Measure], rounds: int) -> None:
    """Do all rounds, and print the tables."""
    results: dict[Measure, dict[str, list[float | None]]] = {
        what: {c.name: [] for c in CONTENDERS if what.work or c.imports} for what in measures
    }
    for number in range(rounds):
        for what, of_contenders in results.items():
            print(f"Round {number + 1} of {rounds}: {what.title}", file=sys.stderr, flush=True)
            for contender in CONTENDERS:
                if contender.name in of_contenders:
                    of_contenders[contender.name].append(measure(contender, what))
    for what, of_contenders in results.items():
        bases = {head: base for head, base in BASES.items() if base in of_contenders}
        print(ratios.table(what.title, what.unit, of_contenders, bases, what.runs), end="\n\n")


def _about(rounds: int) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in peers.versions().items())
    return (
        f"{rounds} rounds; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores; {packages}.\n"
    )


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("--set-up", action="store_true", help="install the peers, and end")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--only", default="a,b,c,d", help="a: in a row, b: parallel, c: runs, d: import and memory"
    )
    arguments = parser.parse_args()
    if arguments.set_up:
        peers.set_up()
        return
    parts = arguments.only.split(",")
    measures = [what for what in MEASURES if what.part in parts]
    if not set(parts) <= {what.part for what in MEASURES} or arguments.rounds < 1:
        parser.error("--rounds is a number from 1, and --only names some of a, b, c and d.")
    print(_about(arguments.rounds))
    run(measures, arguments.rounds)


if __name__ == "__main__":
    main()
