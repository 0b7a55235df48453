"""When a failure is worth another attempt, and how long to wait before it."""

import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt
from tenacity.wait import wait_base

from symphony_core.errors import ModelError, SymphonyError

LONGEST_WAIT = 60.0  # seconds between two attempts, but for a provider that asks for more
LONGEST_ASKED_WAIT = 300.0  # a provider that asks for more has failed for now

T = TypeVar("T")


class RetryPolicy(BaseModel):
    """How often a step is tried again, and the seconds before the first time; each wait doubles."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_retries: int = Field(default=2, ge=0, le=100)
    delay_s: float = Field(default=1.0, ge=0, le=600, allow_inf_nan=False)


NO_RETRY = RetryPolicy(max_retries=0)


class Failure(BaseModel):
    """What there is to know of a failure when it comes to trying again."""

    model_config = ConfigDict(frozen=True)

    retryable: bool = False
    retry_after: float | None = None

    @classmethod
    def of(cls, error: BaseException) -> "Failure":
        """Tell whether the same call may succeed later: not where the input itself was wrong."""
        if isinstance(error, ModelError):
            wait = error.retry_after
            passing = error.retryable and (wait is None or wait <= LONGEST_ASKED_WAIT)
            return cls(retryable=passing, retry_after=wait)
        return cls(retryable=not isinstance(error, SymphonyError))


class _Wait(wait_base):
    """What the provider asked for, else longer each time, with some chance in it."""

    def __init__(self, policy: RetryPolicy, failure_of: Callable[[Any], Failure | None]) -> None:
        self._delay = policy.delay_s
        self._failure_of = failure_of

    def __call__(self, retry_state: RetryCallState) -> float:
        failure = self._failure_of(_outcome(retry_state))
        asked = failure.retry_after if failure else None
        if asked is not None:
            return asked
        doubled = self._delay * 2.0 ** (retry_state.attempt_number - 1)
        jitter = random.uniform(0, self._delay / 4)
        return min(doubled + jitter, max(LONGEST_WAIT, self._delay))


async def attempts(
    attempt: Callable[[], Awaitable[T]],
    policy: RetryPolicy,
    failure_of: Callable[[T], Failure | None],
    before_wait: Callable[[T, float], Awaitable[None]],
) -> T:
    """Make attempts until one succeeds, has failed for good, or was the last; return its outcome.

    `failure_of` tells of an outcome whether it is a failure; `before_wait` gets the outcome and
    the seconds until the next attempt.
    """

    def is_worth_it(outcome: T) -> bool:
        failure = failure_of(outcome)
        return failure is not None and failure.retryable

    made = [await attempt()]  # most succeed at once, and need none of the rest
    if not is_worth_it(made[0]):
        return made[0]

    async def next_one() -> T:
        return made.pop() if made else await attempt()

    async def wait(state: RetryCallState) -> None:
        assert state.next_action is not None
        await before_wait(_outcome(state), state.next_action.sleep)

    retrying = AsyncRetrying(
        stop=stop_after_attempt(policy.max_retries + 1),
        wait=_Wait(policy, failure_of),
        retry=retry_if_result(is_worth_it),
        before_sleep=wait,
        retry_error_callback=_outcome,
    )
    outcome: T = await retrying(next_one)
    return outcome


def _outcome(state: RetryCallState) -> Any:
    assert state.outcome is not None
    return state.outcome.result()
