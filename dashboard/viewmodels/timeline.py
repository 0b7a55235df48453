"""A run's steps as bars over time, a lane a step; loop turns share their step's lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.viewmodels.paths import around, node_of, turn_of
from dashboard.viewmodels.words import count, cut, duration
from symphony_core.step_run import StepRun, StepStatus

LANE_NAME_LENGTH = 26
WORTH_TELLING = 1.0  # seconds


@dataclass(frozen=True)
class Bar:
    """One attempt at a step; `end` is None while it runs. `lane` is the same in every turn."""

    path: str
    lane: str
    label: str
    status: str
    start: datetime
    end: datetime | None
    detail: str


def bars_of(steps: Sequence[StepRun], shown: Mapping[str, str] | None = None) -> list[Bar]:
    """Return a bar for every attempt at a step that has none inside it, in the order they started.

    What was taken over from an earlier run has its bars there. `shown` gives, by path, the status
    that is true right now.
    """
    parents = {parent for step in steps for parent in around(step.path)}
    leaves = [step for step in steps if step.path not in parents and not step.taken_over]
    holders = {step.path: step.name for step in steps if step.type == "workflow"}
    bars = []
    for step in leaves:
        within = [holders[place] for place in around(step.path) if place in holders]
        label = " · ".join([*within, step.name])
        bars += _bars(step, label, (shown or {}).get(step.path))
    return sorted(bars, key=lambda bar: (bar.start, bar.path))


def parallel_gain(steps: Sequence[StepRun], now: datetime) -> str | None:
    """Return what running side by side has saved, in words; None where that is nothing to tell."""
    own = [step for step in steps if not step.taken_over]
    told = [_gain(step, own, now) for step in own if step.type == "parallel"]
    return "; ".join(words for words in told if words) or None


def figure_data(
    bars: Sequence[Bar],
    words: Mapping[str, str],
    colours: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """Return what the component draws: lanes from the top, and bars in seconds from the start."""
    start = min(bar.start for bar in bars)
    lanes = list(dict.fromkeys(bar.lane for bar in bars))
    numbers = {lane: number for number, lane in enumerate(lanes)}
    labels = {bar.lane: bar.label for bar in bars}
    return {
        "lanes": [cut(labels[lane], LANE_NAME_LENGTH) for lane in lanes],
        "bars": [
            {
                "lane": numbers[bar.lane],
                "from": (bar.start - start).total_seconds(),
                "seconds": max(((bar.end or now) - bar.start).total_seconds(), 0.01),
                "colour": colours[bar.status],
                "live": bar.end is None,
                "hover": f"{bar.label}: {words[bar.status]}, {bar.detail}",
                "length": duration(((bar.end or now) - bar.start).total_seconds()),
            }
            for bar in bars
        ],
    }


def _bars(step: StepRun, label: str, shown: str | None) -> list[Bar]:
    """Return a bar for each attempt; one that was interrupted ends where the next one begins."""
    starts = [attempt.started_at for attempt in step.attempts[1:]] + [step.started_at]
    earlier = [
        _bar(
            step,
            label,
            attempt.number,
            attempt.status,
            attempt.started_at,
            attempt.completed_at or next,
        )
        for attempt, next in zip(step.attempts, starts, strict=False)
    ]
    # A paused step has not begun its work; an attempt that failed has, also if another follows.
    end = step.started_at if step.status == StepStatus.PAUSED else step.completed_at
    status = str(step.status) if shown in (None, "retrying") else str(shown)
    return [*earlier, _bar(step, label, step.attempt, status, step.started_at, end)]


def _bar(
    step: StepRun, label: str, attempt: int, status: str, start: datetime, end: datetime | None
) -> Bar:
    turn = turn_of(step.path)
    facts = [f"turn {turn}"] if turn is not None else []
    facts += [f"attempt {attempt}"] if step.attempt > 1 else []
    facts += [step.agent_name] if step.agent_name else []
    return Bar(
        path=step.path,
        lane=node_of(step.path),
        label=label,
        status=str(status),
        start=start,
        end=end,
        detail=", ".join(facts) or step.type,
    )


def _gain(step: StepRun, steps: Sequence[StepRun], now: datetime) -> str | None:
    inside = [
        s
        for s in steps
        if s.path.startswith(f"{step.path}/") and s.path.count("/") == step.path.count("/") + 1
    ]
    if step.status != StepStatus.COMPLETED or len(inside) < 2:
        return None
    taken = sum(_seconds(each, now) for each in inside)
    saved = taken - _seconds(step, now)
    if saved < WORTH_TELLING:
        return None
    return f"{step.name}: {count(len(inside), 'step')} side by side saved {duration(saved)}"


def _seconds(step: StepRun, now: datetime) -> float:
    return ((step.completed_at or now) - step.started_at).total_seconds()
