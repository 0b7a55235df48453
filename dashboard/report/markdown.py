"""A run as Markdown that any viewer reads: names escaped, texts in fences."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.report.contents import LEFT_OUT, Report
from dashboard.report.figures import shares_of
from dashboard.theme import STATUS
from dashboard.viewmodels import words
from dashboard.viewmodels.events import event_rows
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import as_text
from symphony_core import __version__
from symphony_core.run_event import RunEvent

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # what CommonMark lets a backslash stand before
_FENCES = re.compile(r"`{3,}")
_SHORTEST_FENCE = 3


def to_markdown(report: Report) -> str:
    """Return the report; nothing that a model or a person wrote becomes Markdown or HTML."""
    view = report.view
    parts = [
        f"# {_line(view.row.name)}",
        *_head(report, view),
        *_result(view),
        "## Steps",
        *(part for step in view.steps for part in _step(step)),
        "## Figures",
        _figures(view.steps),
        "## Events",
        _events(report.events, {step.path: step.label for step in view.steps}),
        f"Made by Symphony {__version__} on {report.made_at:%d %b %Y, %H:%M} UTC.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(report: Report, view: RunView) -> Iterator[str]:
    row, run = view.row, report.facts.run
    yield _line(view.description)
    ended = run.completed_at
    yield _table(
        ["", ""],
        [
            ["Status", STATUS[row.status].word],
            ["Started", _moment(run.started_at or row.created_at)],
            ["Ended", _moment(ended)] if ended else ["As of", _moment(report.made_at)],
            ["Duration", words.duration(row.duration_s)],
            ["Steps", row.steps],
            ["Tokens", f"{run.input_tokens:,} in, {run.output_tokens:,} out"],
            ["Cost", words.money(row.cost)],
            *([["Used of its limits", ", ".join(view.used)]] if view.used else []),
        ],
    )
    if not report.is_whole:
        yield LEFT_OUT
    if view.inputs:
        yield "## Inputs"
    for name, value in view.inputs.items():
        yield f"**{_line(name)}**"
        yield _fenced(as_text(value))


def _result(view: RunView) -> Iterator[str]:
    yield "## Result"
    if view.error:
        yield f"**It failed:** {_line(view.error)}"
    if view.waits_for:
        yield _line(view.waits_for)
    if view.result is not None:
        yield _fenced(view.result)
    elif not view.error:
        yield "There is none." if view.row.is_over else "There is none yet."
    yield from map(_line, view.model_remarks)


def _step(step: StepView) -> Iterator[str]:
    yield f"### {_line(step.label)}"
    yield _line(" · ".join(_facts(step)))
    yield from (_line(said) for said in (step.note, step.why and f"Chosen: {step.why}") if said)
    texts = {
        "Instructions": step.instructions,
        "Prompt, as it was sent": step.prompt,
        "Question": step.message,
        "Text" if step.type == "approval" else "Answer": "" if step.is_group else step.output,
    }
    for title, text in texts.items():
        if title in ("Text", "Answer"):
            yield from _tools(step)
        if text:
            yield f"**{title}**"
            yield _fenced(text)
    if step.decision:
        yield f"**{_line(step.decision)}**"
    for attempt in step.attempts:
        why = attempt.error or "It was interrupted."
        yield _line(f"Attempt {attempt.number}, {words.duration(attempt.duration_s)}: {why}")
    if step.error:
        yield f"**Error:** {_line(step.error)}"


def _tools(step: StepView) -> Iterator[str]:
    if step.equipment:
        yield _line(step.equipment)
    for use in step.tool_uses:
        yield f"**Tool {use.number}: {_line(use.tool)}**"
        yield _line(words.duration(use.duration_s) + (", failed" if use.failed else ""))
        yield from (_fenced(text) for text in (use.said, use.asked, use.answer) if text)


def _facts(step: StepView) -> Iterator[str]:
    yield STATUS[step.status].word
    yield from (fact for fact in (step.agent, step.model) if fact)
    yield words.duration(step.duration_s)
    if took := words.tokens(step.tokens_in, step.tokens_out):
        yield took
        yield words.money(step.cost)
    if step.attempt > 1:
        yield f"attempt {step.attempt}"
    if step.taken_over:
        yield "taken over from the earlier run"


def _figures(steps: Sequence[StepView]) -> str:
    head = ["Agent", "Model", "Steps", "Tokens in", "Tokens out", "Cost", "Time"]
    rows = [
        [
            share.agent,
            share.model,
            f"{share.steps:,}",
            f"{share.tokens_in:,}",
            f"{share.tokens_out:,}",
            words.money(share.cost),
            words.duration(share.seconds),
        ]
        for share in shares_of(steps)
    ]
    return _table(head, rows) if rows else "No agent was asked."


def _events(events: Sequence[RunEvent], labels: Mapping[str, str]) -> str:
    rows = [
        [
            str(row.number),
            f"{row.at:%H:%M:%S}",
            f"{row.what} · {row.details}" if row.details else row.what,
            labels.get(row.path, row.path or "–"),
        ]
        for row in event_rows(events)
    ]
    return _table(["No.", "Time (UTC)", "What", "Step"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head)]
    escaped = [[_line(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *escaped])


def _moment(at: Any) -> str:
    return f"{at:%d %b %Y, %H:%M:%S} UTC"


def _line(text: str) -> str:
    """Return a text on one line, in which nothing is a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _fenced(text: str) -> str:
    """Return a text as a block that ends where the text does, whatever fences are in it."""
    longest = max(map(len, _FENCES.findall(text)), default=_SHORTEST_FENCE - 1)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text}\n{fence}"
