"""The tools that a step called, as its card shows them."""

import json
from dataclasses import dataclass

from dashboard.viewmodels.words import count
from symphony_core.step_run import StepRun, ToolUse


@dataclass(frozen=True)
class ToolUseView:
    """One call of a tool; without `duration_s` it has not ended, or nobody saw how.

    `said` is what the model wrote before it called.
    """

    number: int
    tool: str
    said: str
    asked: str
    answer: str
    failed: bool
    is_running: bool
    duration_s: float | None


def tool_use_views(record: StepRun, *, is_running: bool) -> tuple[ToolUseView, ...]:
    """Return the tools that a step's latest attempt called, in their order.

    `is_running` says whether somebody still runs the step: only then an answer may yet come.
    """
    return tuple(
        ToolUseView(
            number=use.number,
            tool=use.tool,
            said=use.said,
            asked=_asked(use),
            answer=use.answer,
            failed=use.failed,
            is_running=is_running and use.seconds is None,
            duration_s=use.seconds,
        )
        for use in record.tool_uses
    )


def summary(uses: tuple[ToolUseView, ...]) -> str:
    """Return how many calls there were, and how many of them failed."""
    failed = sum(use.failed for use in uses)
    return count(len(uses), "tool call") + (f", {failed} failed" if failed else "")


def _asked(use: ToolUse) -> str:
    """Return the arguments a line each, or as they came where they cannot be read."""
    try:
        arguments = json.loads(use.arguments or "{}")
    except ValueError:
        return use.arguments
    if not isinstance(arguments, dict):
        return use.arguments
    return "\n".join(f"{name}: {_plain(value)}" for name, value in arguments.items())


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
