"""Turns pydantic-ai's errors into ours: which model, what happened, what to do next.

Imported only together with pydantic-ai, at the first call of a model.
"""

import json
import sys
from contextlib import suppress

from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    UnexpectedModelBehavior,
)

from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.models.scrub import scrub


def model_error(name: str, error: AgentRunError) -> ModelError:
    """Return what a failed call of the model `name` means to us; no key of anybody is in it."""
    limits = _limits(error)
    if limits:
        return ModelError(
            f"The prompt is too long for the model {name!r}: it has {limits[0]} tokens, and "
            f"{limits[1]} fit. Shorten it, or what earlier steps put into it."
        )
    words = _words(error)
    for kind, sentence in _NOT_USABLE:
        if isinstance(error, kind):
            return ModelUnavailable(sentence.format(name=name, words=words))
    for kind, sentence, retryable in _NOT_ANSWERED:
        if isinstance(error, kind):
            retry_after = error.retry_after if isinstance(error, ModelAPIError) else None
            message = sentence.format(name=name, words=words)
            return ModelError(message, retryable=retryable, retry_after=retry_after)
    return ModelError(f"The model {name!r} did not answer: {words}. Try again.", retryable=True)


def not_usable(name: str, error: Exception) -> ModelUnavailable:
    """Return what it means that a library can make nothing of a model or of the environment."""
    return ModelUnavailable(
        f"The model {name!r} cannot be used here: {scrub(str(error)).rstrip('.')}. "
        "Correct the environment, or choose another model."
    )


def library_errors(*own: type[Exception]) -> tuple[type[Exception], ...]:
    """Return these errors, and those that providers' libraries raise where credentials are missing."""
    here = [(sys.modules[name], error) for name, error in _LIBRARIES if name in sys.modules]
    return (*own, *(getattr(module, error) for module, error in here))


_LIBRARIES = (
    ("google.auth.exceptions", "GoogleAuthError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("openai", "OpenAIError"),
    ("anthropic", "AnthropicError"),
)

_NOT_USABLE: tuple[tuple[type[AgentRunError], str], ...] = (
    (
        ModelAuthenticationError,
        "The provider of the model {name!r} refused the key: {words}. "
        "Set the right key in the environment.",
    ),
    (
        ModelNotFoundError,
        "The provider does not know the model {name!r}: {words}. "
        "Check the model's name and the server's address.",
    ),
)

_NOT_ANSWERED: tuple[tuple[type[AgentRunError], str, bool], ...] = (
    (
        ModelQuotaExceededError,
        "The account for the model {name!r} is used up: {words}. "
        "Top it up, or choose another model.",
        False,
    ),
    (
        ModelRateLimitError,
        "The model {name!r} is asked too often: {words}. Wait a little, then try again.",
        True,
    ),
    (
        ModelRequestRejectedError,
        "The model {name!r} refused the request: {words}. "
        "Check the prompt and the agent's settings.",
        False,
    ),
    (
        ModelUnavailableError,
        "The model {name!r} is overloaded: {words}. Wait a little, then try again.",
        True,
    ),
    (
        ModelServerError,
        "The server of the model {name!r} failed: {words}. Try again later.",
        True,
    ),
    (
        ModelTimeoutError,
        "The model {name!r} took too long: {words}. Try again, or ask for less.",
        True,
    ),
    (
        ModelConnectionError,
        "The connection to the model {name!r} failed or broke off: {words}. "
        "Check the server's address and the network, then try again.",
        True,
    ),
    (
        UnexpectedModelBehavior,
        "The model {name!r} sent something that cannot be read: {words}. Try again.",
        True,
    ),
)


_WORDS = ("message", "Message", "error", "Error", "detail")  # capitals are AWS's


def _limits(error: AgentRunError) -> tuple[int, int] | None:
    """The prompt's length and the room for it in tokens, as llama.cpp's server tells them."""
    body = error.body if isinstance(error, ModelHTTPError) else None
    if not isinstance(body, dict):
        return None
    length, room = body.get("n_prompt_tokens"), body.get("n_ctx")
    return (length, room) if isinstance(length, int) and isinstance(room, int) else None


def _words(error: AgentRunError) -> str:
    """What the server itself said, where it said something, with the HTTP status."""
    said = _said(error.body) if isinstance(error, ModelAPIError) else None
    text = scrub(said or error.message).rstrip(".")
    return f"{text} ({error.status_code})" if isinstance(error, ModelHTTPError) else text


def _said(body: object) -> str | None:
    if isinstance(body, str) and body.startswith("{"):
        with suppress(ValueError):
            return _said(json.loads(body))
    if isinstance(body, dict):
        inner = next(filter(None, map(body.get, _WORDS)), None)
        return _said(inner) if inner else str(body)
    return str(body) if body else None
