"""What a run may use, what it has used of it, and what a higher limit could be."""

from dashboard.viewmodels.words import count, duration, listed, money
from symphony_core.errors import NotPossible
from symphony_core.workflow import RunLimits, Workflow


def in_words(limits: RunLimits) -> str:
    """Return what a run may use: `20 model calls, $1.50 and 10 min 00 s`; empty for no limit."""
    words = []
    if limits.model_calls is not None:
        words.append(count(limits.model_calls, "model call"))
    if limits.tokens is not None:
        words.append(count(limits.tokens, "token"))
    if limits.cost is not None:
        words.append(_dollars(limits.cost))
    if limits.seconds is not None:
        words.append(duration(limits.seconds))
    return listed(words)


def used_in_words(run: Workflow) -> list[str]:
    """Return what was used of each limit: `4 of 20 model calls`."""
    limits, words = run.limits, []
    if limits.model_calls is not None:
        words.append(f"{run.model_calls:,} of {count(limits.model_calls, 'model call')}")
    if limits.tokens is not None:
        words.append(f"{_tokens(run):,} of {count(limits.tokens, 'token')}")
    if limits.cost is not None:
        used = "an unknown part" if run.cost is None else _dollars(run.cost)
        words.append(f"{used} of {_dollars(limits.cost)}")
    if limits.seconds is not None:
        words.append(f"{duration(run.active_seconds)} of {duration(limits.seconds)} at most")
    return words


def raised(run: Workflow) -> RunLimits:
    """Return the run's limits, those doubled that it has reached, until there is room again."""
    calls, tokens, cost = run.limits.model_calls, run.limits.tokens, run.limits.cost
    while calls is not None and calls <= run.model_calls:
        calls *= 2
    while tokens is not None and tokens <= _tokens(run):
        tokens *= 2
    while cost is not None and cost <= (run.cost or 0.0):
        cost *= 2
    return RunLimits(model_calls=calls, tokens=tokens, cost=cost, seconds=run.limits.seconds)


def check_room(run: Workflow, limits: RunLimits) -> None:
    """Check that a run could go on under these limits.

    Raises:
        NotPossible: it has used that much already.
    """
    used = []
    if limits.model_calls is not None and limits.model_calls <= run.model_calls:
        used.append(count(run.model_calls, "model call"))
    if limits.tokens is not None and limits.tokens <= _tokens(run):
        used.append(count(_tokens(run), "token"))
    if limits.cost is not None and limits.cost <= (run.cost or 0.0):
        used.append(_dollars(run.cost or 0.0))
    if used:
        raise NotPossible(
            f"The run has used {' and '.join(used)} already: allow more than that, or leave the "
            "field empty for no limit."
        )


def _dollars(cost: float) -> str:
    return "$0.00" if cost == 0 else money(cost)


def _tokens(run: Workflow) -> int:
    return run.input_tokens + run.output_tokens
