"""Two runs side by side: what each took, and their steps brought together."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboard.viewmodels.paths import node_of
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import as_text, count, duration, money

Place = tuple[str, ...]

MOST_NAMED = 12
NOT_OVER = "It is not over."


@dataclass(frozen=True)
class FigureRow:
    """A figure of both runs, and how far the second is from the first: `+12 (+40%)`."""

    name: str
    a: str
    b: str
    difference: str


@dataclass(frozen=True)
class TextPair:
    """A text of both runs under one name; None where a run has none."""

    name: str
    a: str | None
    b: str | None

    @property
    def is_same(self) -> bool:
        """Whether there is nothing to compare."""
        return self.a == self.b

    @property
    def is_empty(self) -> bool:
        """Whether neither run has it."""
        return not self.a and not self.b


@dataclass(frozen=True)
class StepPair:
    """A step as it was in each run; None in a run that has not gone there."""

    key: str
    a: StepView | None
    b: StepView | None

    @property
    def either(self) -> StepView:
        """The step in the first run that has it."""
        step = self.a or self.b
        assert step is not None
        return step

    @property
    def answer(self) -> TextPair:
        """What it answered."""
        return self._pair("Answer", lambda step: step.output)

    @property
    def prompts(self) -> list[TextPair]:
        """What it was told, where it was told anything."""
        both = (
            self._pair("Instructions", lambda step: step.instructions),
            self._pair("Prompt", lambda step: step.prompt),
        )
        return [pair for pair in both if not pair.is_empty]

    @property
    def verdict(self) -> str:
        """Whether it is the same in both, as one of `only a`, `only b`, `same` and `differs`."""
        if self.a is None or self.b is None:
            return "only b" if self.a is None else "only a"
        told = (self.a.status, self.a.note, self.a.output, self.a.error, self.a.decision)
        other = (self.b.status, self.b.note, self.b.output, self.b.error, self.b.decision)
        return "same" if told == other else "differs"

    def _pair(self, name: str, text: Callable[[StepView], str]) -> TextPair:
        a, b = (None if step is None else text(step) for step in (self.a, self.b))
        return TextPair(name, a, b)


@dataclass(frozen=True)
class Comparison:
    """Two runs; `remark` says how far their steps can be brought together at all."""

    a: RunView
    b: RunView
    figures: list[FigureRow]
    inputs: list[TextPair]
    result: TextPair
    path: list[str]
    steps: list[StepPair]
    remark: str | None

    @property
    def is_over(self) -> bool:
        """Whether neither can change any more."""
        return self.a.row.is_over and self.b.row.is_over


def compare(a: RunView, b: RunView) -> Comparison:
    """Bring two runs together."""
    steps = _aligned(a.steps, b.steps)
    return Comparison(
        a=a,
        b=b,
        figures=_figures(a, b),
        inputs=[
            TextPair(name, _text(a.inputs.get(name)), _text(b.inputs.get(name)))
            for name in {**a.inputs, **b.inputs}
        ],
        result=TextPair("Result", a.result, b.result),
        path=_path(steps),
        steps=steps,
        remark=_remark(a, b, steps),
    )


def _aligned(a: Sequence[StepView], b: Sequence[StepView]) -> list[StepPair]:
    """Return the steps in the first run's order; those only in the second follow their neighbour.

    Steps belong together where their paths are equal, else where the names along their paths are:
    every start of a template gives its steps new ids.
    """
    keys_a, keys_b = _places(a), _places(b)
    found = {step.path for step in a} & {step.path for step in b}
    by_name = {keys_b[step.path]: step for step in b if step.path not in found}
    by_path = {step.path: step for step in b}
    pairs = []
    for step in a:
        other = by_path.get(step.path) or by_name.pop(keys_a[step.path], None)
        pairs.append(StepPair(step.path, step, other))
    return _with_the_rest(pairs, b)


def _with_the_rest(pairs: Sequence[StepPair], b: Sequence[StepView]) -> list[StepPair]:
    met = {pair.b.path for pair in pairs if pair.b}
    after: dict[str | None, list[StepPair]] = {}
    neighbour: str | None = None
    for step in b:
        if step.path in met:
            neighbour = step.path
        else:
            after.setdefault(neighbour, []).append(StepPair(step.path, None, step))
    ordered = after.get(None, [])
    for pair in pairs:
        ordered.append(pair)
        if pair.b:
            ordered += after.get(pair.b.path, [])
    return ordered


def _places(steps: Sequence[StepView]) -> Mapping[str, Place]:
    """Return each step's place by its path: the names along it, with turns, and a number.

    The number tells steps of one name in one place from each other.
    """
    names = {node_of(step.path): step.name for step in steps}
    met: Counter[Place] = Counter()
    places = {}
    for step in steps:
        named = tuple(_named(step.path, names))
        places[step.path] = (*named, str(met[named]))
        met[named] += 1
    return places


def _named(path: str, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the parts of a path with the steps' names."""
    place = ""
    for part in path.split("/"):
        place = f"{place}/{part}" if place else part
        step_id, sign, turn = part.partition("#")
        yield f"{names.get(node_of(place), step_id)}{sign}{turn}"


def _remark(a: RunView, b: RunView, steps: Sequence[StepPair]) -> str | None:
    shared = sum(pair.a is not None and pair.b is not None for pair in steps)
    if steps and not shared:
        return "The two runs have no step in common: they are runs of different workflows."
    if a.row.name != b.row.name:
        return (
            "These are runs of different workflows. Steps of the same name in the same place are "
            "set side by side."
        )
    return None


def _path(steps: Sequence[StepPair]) -> list[str]:
    """Return in sentences where the ways of the runs part; nothing where they do not."""
    only_a = [pair.either.label for pair in steps if pair.b is None]
    only_b = [pair.either.label for pair in steps if pair.a is None]
    parted = [
        f"{pair.a.label}. A: {pair.a.note or NOT_OVER} B: {pair.b.note or NOT_OVER}"
        for pair in steps
        if pair.a and pair.b and pair.a.note != pair.b.note
    ]
    alone = [
        f"Only {run} went through {_listed(labels)}."
        for run, labels in (("A", only_a), ("B", only_b))
        if labels
    ]
    return [*_few(parted), *alone]


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(labels[:MOST_NAMED])
    more = len(labels) - MOST_NAMED
    return f"{shown} and {count(more, 'more step')}" if more > 0 else shown


def _few(sentences: Sequence[str]) -> list[str]:
    more = len(sentences) - MOST_NAMED
    rest = [f"{count(more, 'more step')} went another way."] if more > 0 else []
    return [*sentences[:MOST_NAMED], *rest]


def _figures(a: RunView, b: RunView) -> list[FigureRow]:
    return [
        FigureRow(
            "Time",
            duration(a.row.duration_s),
            duration(b.row.duration_s),
            _difference(a.row.duration_s, b.row.duration_s, duration),
        ),
        _counted("Model calls", a.model_calls, b.model_calls),
        _counted("Tokens", a.row.tokens, b.row.tokens),
        FigureRow(
            "Cost",
            money(a.row.cost),
            money(b.row.cost),
            _difference(a.row.cost, b.row.cost, money),
        ),
        _counted("Steps done", a.row.steps_done, b.row.steps_done),
    ]


def _counted(name: str, a: int, b: int) -> FigureRow:
    return FigureRow(name, f"{a:,}", f"{b:,}", _difference(a, b, lambda number: f"{number:,.0f}"))


def _difference(a: float | None, b: float | None, written: Callable[[float], str]) -> str:
    if a is None or b is None:
        return "–"
    words = written(abs(b - a))
    if a == b or words == written(0):
        return "same"
    sign = "+" if b > a else "−"
    share = f" ({sign}{abs(b - a) / a:.0%})" if a > 0 else ""
    return f"{sign}{words}{share}"


def _text(value: object) -> str | None:
    return None if value is None else as_text(value)
