"""Bedrock through botocore: asked once a call, and with what is meant for its address alone.

botocore waits in threads. A call that is cancelled lets go of its thread at once and closes the
connection on which it is being answered; a connection on which nothing has come yet stays open
until something does, or until its time is up.
"""

import os
from types import TracebackType
from typing import Any

from botocore.config import Config
from botocore.exceptions import NoRegionError
from botocore.session import Session
from botocore.tokens import FrozenAuthToken
from pydantic_ai.exceptions import UserError
from pydantic_ai.providers.bedrock import BedrockProvider

from symphony_core.models.endpoint import Endpoint

_SILENCE = 300.0  # seconds until a connection counts as broken; a model may think long
_KEY = "AWS_BEARER_TOKEN_BEDROCK"


class Bedrock(BedrockProvider):
    """Closes its connections with the last of the calls that share it."""

    def __init__(self, at: Endpoint) -> None:
        super().__init__(bedrock_client=_open(at))
        self._calls = 0

    async def __aenter__(self) -> "Bedrock":
        self._calls += 1
        await super().__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await super().__aexit__(kind, error, trace)
        self._calls -= 1
        if not self._calls:
            self.client.close()


class _KeySession(Session):  # type: ignore[misc]  # botocore has no types
    """Has a key and no credentials besides, which would be looked for in the network."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def get_auth_token(self, **_: Any) -> FrozenAuthToken:
        return FrozenAuthToken(self._key)

    def get_credentials(self) -> None:
        return None


def _open(at: Endpoint) -> Any:
    key = _key(at)
    if key and at.base_url and not at.base_url.startswith("https:"):
        raise UserError("a key for Bedrock is sent over https alone")
    # To an own address only a signature goes, which is good for that address alone.
    signed = "bearer" if key else "v4" if at.base_url else None
    config = Config(
        read_timeout=_SILENCE,
        signature_version=signed,
        retries={"total_max_attempts": 1},  # retrying is the caller's
    )
    session = _KeySession(key) if key else Session()
    region = os.environ.get("AWS_REGION") or None  # botocore itself reads AWS_DEFAULT_REGION
    try:
        return session.create_client(
            "bedrock-runtime", region, endpoint_url=at.base_url, config=config
        )
    except NoRegionError:
        raise UserError("AWS_REGION is not set, nor is a region in AWS's own settings") from None


def _key(at: Endpoint) -> str | None:
    """The key it is asked with; without one, AWS's own credentials sign what is asked."""
    if at.key_variable:
        return at.key or "none"
    return None if at.base_url else os.environ.get(_KEY)
