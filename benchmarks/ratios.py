"""Medians, spreads and paired ratios of what several contenders took, as Markdown."""

from collections.abc import Mapping, Sequence
from statistics import median

Rounds = Sequence[float | None]  # one figure a round; None where the contender failed


def spread(figures: Sequence[float]) -> str:
    """Return the least and the most."""
    return f"{_short(min(figures))}–{_short(max(figures))}"


def paired(rounds: Rounds, base: Rounds) -> list[float]:
    """Return each round's figure divided by the base's in the same round."""
    return [
        figure / other
        for figure, other in zip(rounds, base, strict=True)
        if figure is not None and other is not None
    ]


def table(
    title: str, unit: str, results: Mapping[str, Rounds], bases: Mapping[str, str], runs: int = 0
) -> str:
    """Return one work's table: a line a contender, with its ratio to each base.

    `bases` are columns' headings and the contenders they divide by; `runs` adds runs a second.
    """
    columns = [title, f"median, {unit}", "least–most", *(["runs a second"] if runs else []), *bases]
    lines = [columns, ["---"] * len(columns)]
    for name, rounds in results.items():
        done = [figure for figure in rounds if figure is not None]
        if not done:
            lines.append([name, *["–"] * (len(columns) - 1)])
            continue
        rate = [_short(runs / median(done))] if runs else []
        ratios = [
            _ratio(rounds, results.get(base, ())) if base != name else "1"
            for base in bases.values()
        ]
        lines.append([name, _short(median(done)), spread(done), *rate, *ratios])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _ratio(rounds: Rounds, base: Rounds) -> str:
    ratios = paired(rounds, base) if base else []
    return f"{_short(median(ratios))} ({spread(ratios)})" if ratios else "–"


def _short(figure: float) -> str:
    digits = 0 if figure >= 100 else 1 if figure >= 10 else 2 if figure >= 1 else 3
    return f"{figure:.{digits}f}"
